import { warnOnce } from '@unite/shared';
import type { Registry } from 'prom-client';
import type { ScrapeFormat } from './negotiate-format';

/** Writes the metrics of a registry. */
export type ScrapeText = (registry: Registry, format: ScrapeFormat) => Promise<string>;

type LabelValues = Readonly<Record<string, string | number>>;

/** A metric of prom-client, as its registry asks it for values. */
interface Collected {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly CollectedValue[];
}

interface CollectedValue {
  readonly metricName?: string | undefined;
  readonly value: number;
  readonly labels: LabelValues;
  /** Of a histogram: what all lines of a series have; `labels` is `le` alone then. */
  readonly sharedLabels?: LabelValues | undefined;
  readonly exemplar?: CollectedExemplar | null | undefined;
}

interface CollectedExemplar {
  readonly labelSet: LabelValues;
  readonly value: number;
  /** In seconds. */
  readonly timestamp: number;
}

interface Collectable {
  readonly name: string;
  get(): Promise<Collected>;
  /** Of a histogram: `get` would copy the labels into each line. */
  getForPromString?(): Promise<Collected>;
}

/**
 * Writes what prom-client collected. Its own writer puts the labels of each line together anew at each scrape, and
 * takes `_total` from the names of counters for good once it was asked for OpenMetrics. Here the text of each series'
 * labels is kept beside the labels' object, and both formats come from one registry.
 *
 * @param constants labels that every series has, unless it has one of the same name
 */
export function createScrapeText(constants: Readonly<Record<string, string>>): ScrapeText {
  const constantEntries = Object.entries(constants);
  const texts = new WeakMap<LabelValues, string>();

  return async (registry, format) => {
    let text = '';
    for (const metric of registry.getMetricsAsArray() as unknown as Collectable[]) {
      const collected = await collect(metric);
      if (collected) text += family(collected, format);
    }
    return format === 'openmetrics' ? `${text}# EOF\n` : text;
  };

  function family({ name, help, type, values }: Collected, format: ScrapeFormat): string {
    const isOpenMetrics = format === 'openmetrics';
    // OpenMetrics names the family without the suffix of its samples.
    const familyName = isOpenMetrics && type === 'counter' ? name.replace(/_total$/, '') : name;
    const sampleName = isOpenMetrics && type === 'counter' ? `${familyName}_total` : name;
    let text = `# HELP ${familyName} ${escapeHelp(help, isOpenMetrics)}\n# TYPE ${familyName} ${type}\n`;
    let shared: LabelValues | undefined;
    let sharedText = '';
    for (const { metricName = sampleName, value, labels, sharedLabels, exemplar } of values) {
      if (sharedLabels === undefined) {
        text += sample(metricName, seriesText(labels), value);
      } else {
        if (sharedLabels !== shared) {
          shared = sharedLabels;
          sharedText = seriesText(sharedLabels);
        }
        text += sample(metricName, withBound(sharedText, labels.le), value);
      }
      if (isOpenMetrics && exemplar) text += exemplarText(exemplar);
      text += '\n';
    }
    return text;
  }

  function seriesText(labels: LabelValues): string {
    let text = texts.get(labels);
    if (text === undefined) {
      const missing = constantEntries.filter(([name]) => !Object.hasOwn(labels, name));
      text = labelText([...Object.entries(labels), ...missing]);
      texts.set(labels, text);
    }
    return text;
  }
}

async function collect(metric: Collectable): Promise<Collected | undefined> {
  try {
    return await (metric.getForPromString?.() ?? metric.get());
  } catch (error) {
    // One function of an application that fails must not hide all other metrics.
    const reason = error instanceof Error ? error.message : String(error);
    warnOnce('UNITE_APM_PROMETHEUS_COLLECT', `collect of the metric "${metric.name}" failed: ${reason}`);
    return undefined;
  }
}

function sample(name: string, labels: string, value: number): string {
  return labels === '' ? `${name} ${numberText(value)}` : `${name}{${labels}} ${numberText(value)}`;
}

function withBound(series: string, bound: string | number | undefined): string {
  if (bound === undefined) return series;
  return series === '' ? `le="${bound}"` : `le="${bound}",${series}`;
}

function exemplarText({ labelSet, value, timestamp }: CollectedExemplar): string {
  return ` # {${labelText(Object.entries(labelSet))}} ${numberText(value)} ${timestamp.toFixed(3)}`;
}

/** An empty label is the same as none. @see https://prometheus.io/docs/concepts/data_model */
function labelText(labels: readonly (readonly [string, string | number])[]): string {
  return labels
    .filter(([, value]) => value !== '' && value !== undefined)
    .map(([name, value]) => `${name}="${escapeLabel(String(value))}"`)
    .join(',');
}

function numberText(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}

function escapeLabel(text: string): string {
  return /["\\\n]/.test(text) ? escapeLines(text).replaceAll('"', '\\"') : text;
}

/** Only OpenMetrics escapes quotes in a help text. */
function escapeHelp(text: string, quotes: boolean): string {
  return quotes ? escapeLabel(text) : escapeLines(text);
}

function escapeLines(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
