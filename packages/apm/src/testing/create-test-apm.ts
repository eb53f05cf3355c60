import { isDeepStrictEqual } from 'node:util';
import type { ErrorEvent, ExceptionRecord } from '../capture/capture-types';
import type { Labels, MetricPoint } from '../metrics/metric-types';
import type { Deployment, FeedbackEvent } from '../sink-types';
import { startApm } from '../start-apm';
import type { Apm, ApmOptions } from '../types';
import { MemorySink } from './memory-sink';

/** Options of `createTestApm`: those of `startApm`, all of them optional. */
export interface TestApmOptions extends Partial<Omit<ApmOptions, 'crash'>> {
  /** Errors, values of metrics, deployments and feedback that are kept, each. @default 10_000 */
  readonly maxKept?: number | undefined;
}

/** What an error has to be: every field that is said. `type`, `code` and `message` are of the error itself. */
export interface ErrorMatcher
  extends Partial<Pick<ErrorEvent, 'kind' | 'level' | 'route' | 'tenantId' | 'isHandled'>> {
  readonly type?: string | undefined;
  readonly code?: string | undefined;
  /** The whole message, or a pattern. */
  readonly message?: string | RegExp | undefined;
  /** These are among its tags. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** Everything of `startApm`, kept in memory for the length of a test. */
export interface TestApm {
  readonly apm: Apm;
  /** In the order in which they were captured. */
  readonly errors: readonly ErrorEvent[];
  readonly points: readonly MetricPoint[];
  readonly feedback: readonly FeedbackEvent[];
  readonly deployments: readonly Deployment[];
  /**
   * What a metric came to: the last value of a gauge, the sum of the others, over all series with these labels.
   * `undefined` where there is none.
   *
   * @throws Error where more was recorded than is kept, so that no sum would be right
   */
  metric(name: string, labels?: Labels): number | undefined;
  /** The first error that matches. @throws Error that says which there are */
  expectError(matcher: ErrorMatcher): ErrorEvent;
  /** Forgets what was kept. */
  reset(): void;
  close(): Promise<void>;
}

/**
 * Starts `@unite/apm` for a test: nothing is sent, nothing is listened for on the process, and the channels of the family
 * are left alone unless `channels` is true.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * const test = createTestApm();
 * await handler(test.apm);
 * test.expectError({ type: 'TypeError', kind: 'request', route: 'GET /api/contacts' });
 * expect(test.metric('contacts_created', { plan: 'pro' })).toBe(1);
 * await test.close();
 */
export function createTestApm(options: TestApmOptions = {}): TestApm {
  const { maxKept = 10_000, sinks = [], ...given } = options;
  if (!Number.isSafeInteger(maxKept) || maxKept < 1) {
    throw new TypeError(`createTestApm: option "maxKept" must be a whole number from 1, got ${maxKept}`);
  }
  const kept = new MemorySink(maxKept);
  const service = { name: 'test', release: 'test', environment: 'test' };
  const apm = startApm({ service, channels: false, ...given, crash: false, sinks: [kept, ...sinks] });
  return {
    apm,
    get errors() {
      return kept.errors;
    },
    get points() {
      return kept.points;
    },
    get feedback() {
      return kept.feedbacks;
    },
    get deployments() {
      return kept.deployments;
    },
    metric(name, labels = {}) {
      if (kept.dropped > 0) {
        throw new Error(`metric: more than ${maxKept} were recorded: raise "maxKept", or reset in between`);
      }
      const points = kept.points.filter((point) => point.metric.name === name && hasLabels(point, labels));
      if (points[0]?.metric.kind === 'gauge') return points.at(-1)?.value;
      return points.length === 0 ? undefined : points.reduce((sum, { value }) => sum + value, 0);
    },
    expectError(matcher) {
      const found = kept.errors.find((event) => matches(event, matcher));
      if (found) return found;
      const seen = kept.errors.slice(0, 20).map(described).join('; ') || 'none';
      throw new Error(`expectError: no error matches; captured were: ${seen}`);
    },
    reset: () => kept.reset(),
    close: async () => void (await apm.close()),
  };
}

function hasLabels(point: MetricPoint, labels: Labels): boolean {
  return Object.entries(labels).every(([name, value]) => {
    const at = point.metric.labels.indexOf(name);
    return at >= 0 && point.labels[at] === String(value ?? '');
  });
}

function matches(event: ErrorEvent, { type, code, message, tags = {}, ...fields }: ErrorMatcher): boolean {
  const [thrown] = event.exceptions;
  return (
    isOneOf(thrown, { type, code }) &&
    (message === undefined || isMessage(thrown.message, message)) &&
    Object.entries(tags).every(([name, value]) => event.tags[name] === value) &&
    isOneOf(event, fields)
  );
}

function isMessage(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text === wanted : wanted.test(text);
}

/** Whether every field that is said is the same. */
function isOneOf(thing: ErrorEvent | ExceptionRecord, fields: object): boolean {
  return Object.entries(fields).every(
    ([name, value]) => value === undefined || isDeepStrictEqual(Reflect.get(thing, name), value),
  );
}

function described({ exceptions: [{ type, message }], kind, route = 'no route' }: ErrorEvent): string {
  return `${type}: ${message} (${kind}, ${route})`;
}
