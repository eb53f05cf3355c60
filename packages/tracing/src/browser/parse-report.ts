import { describeValue, expects, type OptionCheck, optionChecks } from '@unite/shared';
import { TracingError } from '../errors';
import { isId } from '../propagation/trace-parent';
import { maxReportSpans } from './max-report-spans';
import type { BrowserReport, BrowserSpan, VitalName, WebVitals } from './report-types';

/** Longest duration and highest vital that is taken for one: a day, in milliseconds. */
const maxMs = 86_400_000;

/**
 * A report as it was parsed from JSON, with nothing in it but what belongs there: whoever can reach the page can send
 * anything.
 *
 * @throws TracingError `UNITE_TRACING_REPORT_INVALID` naming the member and what it got
 */
export function parseReport(value: unknown): BrowserReport {
  const report = checked('', value, optionChecks.object) as Record<string, unknown>;
  const spans = checked('spans', report.spans, spanList) as readonly unknown[];
  return {
    spans: spans.map((span, at) => parseSpan(`spans[${at}]`, span)),
    dropped: checked('dropped', report.dropped ?? 0, count) as number,
  };
}

function parseSpan(place: string, value: unknown): BrowserSpan {
  const span = checked(place, value, optionChecks.object) as Record<string, unknown>;
  const members = Object.entries(spanChecks).map(([name, check]) => {
    const member = span[name];
    return [name, isMissing(name, member) ? undefined : checked(`${place}.${name}`, member, check)];
  });
  const vitals = span.vitals === undefined ? undefined : parseVitals(`${place}.vitals`, span.vitals);
  return { ...Object.fromEntries(members), vitals } as BrowserSpan;
}

function parseVitals(place: string, value: unknown): WebVitals {
  const given = checked(place, value, optionChecks.object) as Record<string, unknown>;
  const known = vitalNames.filter((name) => given[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, checked(`${place}.${name}`, given[name], magnitude)]));
}

function checked(place: string, value: unknown, check: OptionCheck): unknown {
  const demand = check(value);
  if (demand === undefined) return value;
  const what = `${place || 'the report'} must be ${demand}, got ${describeValue(value)}`;
  throw new TracingError('UNITE_TRACING_REPORT_INVALID', what);
}

function isMissing(name: string, value: unknown): boolean {
  return value === undefined && optional.has(name);
}

const optional = new Set(['parentSpanId', 'status', 'error']);
const vitalNames: readonly VitalName[] = ['ttfbMs', 'fcpMs', 'lcpMs', 'inpMs', 'cls'];

const spanList = expects(
  `a list of at most ${maxReportSpans} spans`,
  (value) => Array.isArray(value) && value.length <= maxReportSpans,
);
const count = expects(
  'a whole number of spans',
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
);
const magnitude = expects(
  `a number from 0 to ${maxMs}`,
  (value) => typeof value === 'number' && value >= 0 && value <= maxMs,
);

const spanChecks: Readonly<Record<Exclude<keyof BrowserSpan, 'vitals'>, OptionCheck>> = {
  traceId: expects('32 lower-case hex digits', (value) => isId(value, 32)),
  spanId: expects('16 lower-case hex digits', (value) => isId(value, 16)),
  parentSpanId: expects('16 lower-case hex digits', (value) => isId(value, 16)),
  kind: expects('"page", "fetch" or "vitals"', (value) =>
    ['page', 'fetch', 'vitals'].includes(value as string),
  ),
  name: expects(
    'a printable text of 1 to 256 characters',
    (value) => typeof value === 'string' && /^\P{Cc}{1,256}$/u.test(value),
  ),
  startedAtMs: expects('milliseconds since the epoch', (value) => Number.isFinite(value)),
  durationMs: magnitude,
  status: expects(
    'an HTTP status',
    (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 999,
  ),
  error: expects('the name of an error', (value) => typeof value === 'string' && /^\w{1,64}$/.test(value)),
};
