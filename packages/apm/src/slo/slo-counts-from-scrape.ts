import { requestDurationMetric } from '../request-metrics';
import { boundOf } from './buckets-for';
import { matchesRoute } from './matches-route';
import type { Slo, SloCounts } from './slo-types';

/** Which of the series of a scrape count. */
export interface ScrapeSelection {
  /** `service_version`. @default any */
  readonly release?: string | undefined;
  /** `deployment_id`. @default any */
  readonly deployment?: string | undefined;
  /** What the sink was given as `prefix`. @default none */
  readonly prefix?: string | undefined;
}

/** A scrape that is longer is read up to here. */
const maxChars = 64 * 1024 * 1024;
/** A line that is longer is no line of a metric. */
const maxLineChars = 8_192;

/**
 * Counts the requests of an objective in what a scrape answered, in either format: for comparing two deployments without
 * a Prometheus. Anything may be in the text: what is no line of a request's histogram is passed over. Without a bucket
 * at the objective's bound nothing can be told, and there are no requests.
 */
export function sloCountsFromScrape(text: string, slo: Slo, selection: ScrapeSelection = {}): SloCounts {
  const { prefix = '' } = selection;
  const countName = `${prefix}${requestDurationMetric}_count`;
  const bucketName = `${prefix}${requestDurationMetric}_bucket`;
  const bound = boundOf(slo);
  let total = 0;
  let good = 0;
  let hasBound = bound === undefined;
  for (const line of linesOf(text)) {
    const isCount = line.startsWith(`${countName}{`);
    if (!isCount && !line.startsWith(`${bucketName}{`)) continue;
    const sample = sampleOf(line);
    if (!sample || !isSelected(sample.labels, slo, selection)) continue;
    const isError = Number(sample.labels.get('http_response_status_code')) >= 500;
    if (isCount) {
      total += sample.value;
      if (bound === undefined && !isError) good += sample.value;
    } else if (bound !== undefined && Number(sample.labels.get('le')) === bound) {
      hasBound = true;
      if (!isError) good += sample.value;
    }
  }
  // A text that contradicts itself has no more good requests than requests.
  return hasBound ? { good: Math.min(good, total), total } : { good: 0, total: 0 };
}

function* linesOf(text: string): Generator<string> {
  const end = Math.min(text.length, maxChars);
  let start = 0;
  while (start < end) {
    const newline = text.indexOf('\n', start);
    const stop = newline === -1 || newline > end ? end : newline;
    if (stop - start <= maxLineChars) yield text.slice(start, stop);
    start = stop + 1;
  }
}

function isSelected(labels: ReadonlyMap<string, string>, slo: Slo, selection: ScrapeSelection): boolean {
  const { release, deployment } = selection;
  if (release !== undefined && labels.get('service_version') !== release) return false;
  if (deployment !== undefined && labels.get('deployment_id') !== deployment) return false;
  if (labels.get('http_response_status_code') === '499') return false;
  return matchesRoute(slo, `${labels.get('http_request_method')} ${labels.get('http_route')}`);
}

/** Reads `name{a="b",…} value`. */
function sampleOf(line: string): { labels: Map<string, string>; value: number } | undefined {
  const labels = new Map<string, string>();
  let at = line.indexOf('{') + 1;
  while (line[at] !== '}') {
    // Sticky, and none of its parts can match what another could: one pass, whatever the text.
    const label = /,?\s*([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/y;
    label.lastIndex = at;
    const [all, name, value] = label.exec(line) ?? [];
    if (all === undefined || name === undefined || value === undefined) return undefined;
    labels.set(name, unescaped(value));
    at += all.length;
  }
  const value = Number.parseFloat(line.slice(at + 1));
  return value >= 0 && value < Infinity ? { labels, value } : undefined;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, char) => (char === 'n' ? '\n' : char));
}
