import type { ContextSource } from '@unite/core';
import { currentContext } from '@unite/core/context';
import type { QuotaUse } from '../cost/cost-types';
import type { MetricRecorder } from '../metrics/recorder-types';
import { cacheMetrics } from './cache-metrics';
import type { PackageMetrics } from './channel-types';
import { cryptoMetrics } from './crypto-metrics';
import { dbHaMetrics, queryChannel } from './db-ha-metrics';
import { type Listener, onEnd, onMessage, onTimedEnd } from './listener';
import { opsMetrics } from './ops-metrics';
import { problemMetrics } from './problem-metrics';
import { quotaMetrics, quotaUseChannel } from './quota-metrics';
import { createSlowQueries, type SlowQuery } from './slow-queries';

/** What the channels tell beside metrics. */
export interface FamilyListeners {
  /** A statement that took long: once a minute for each statement of a cluster. */
  readonly onSlowQuery?: ((query: SlowQuery) => void) | undefined;
  /** Milliseconds from which a statement is slow. @default 500 */
  readonly slowQueryMs?: number | undefined;
  /** How long a statement or a transaction took. */
  readonly onDatabaseTime?: ((seconds: number) => void) | undefined;
  /** A message of `unite:quota:use`. */
  readonly onQuotaUse?: ((message: QuotaUse) => void) | undefined;
  /** @default the shared slot of `@unite/core/context` */
  readonly context?: ContextSource | undefined;
}

const family: readonly PackageMetrics[] = [
  dbHaMetrics,
  cacheMetrics,
  quotaMetrics,
  cryptoMetrics,
  opsMetrics,
  problemMetrics,
];
const failuresMetric = 'unite_channel_failures_total';

/**
 * Makes metrics of what the packages of the family tell on their channels. Nothing of it throws into them: what could not
 * be taken is counted in `unite_channel_failures_total`.
 *
 * @returns ends it
 */
export function subscribeToFamily(recorder: MetricRecorder, listeners: FamilyListeners = {}): () => void {
  recorder.declare(failuresMetric, {
    kind: 'counter',
    help: 'Messages of channels that could not be taken.',
    labels: ['channel'],
  });
  const ends = [
    ...family.flatMap((of) => recordPackage(of, recorder)),
    ...listenBeside(listeners, (channel) => () => recorder.put(failuresMetric, 1, { channel })),
  ];
  return () => {
    for (const end of ends.splice(0)) end();
  };
}

function recordPackage(
  { metrics, timed, counted }: PackageMetrics,
  recorder: MetricRecorder,
): (() => void)[] {
  for (const [name, declaration] of Object.entries(metrics)) recorder.declare(name, declaration);
  const onFailure = (channel: string) => () => recorder.put(failuresMetric, 1, { channel });
  return [
    ...timed.map(({ channel, metric, labels }) =>
      onTimedEnd(
        channel,
        (message, seconds) => recorder.put(metric, seconds, labels(message)),
        onFailure(channel),
      ),
    ),
    ...counted.map(({ channel, at, metric, labels, amount }) =>
      (at === 'end' ? onEnd : onMessage)(
        channel,
        (message) => {
          const labelled = labels(message);
          if (labelled) recorder.put(metric, amount?.(message) ?? 1, labelled);
        },
        onFailure(channel),
      ),
    ),
  ];
}

function listenBeside(
  { onSlowQuery, slowQueryMs = 500, onDatabaseTime, onQuotaUse, context = currentContext }: FamilyListeners,
  onFailure: (channel: string) => () => void,
): (() => void)[] {
  const ends: (() => void)[] = [];
  if (onSlowQuery) {
    const slow = createSlowQueries(slowQueryMs / 1_000, onSlowQuery, context);
    ends.push(onTimedEnd(queryChannel, slow, onFailure(queryChannel)));
  }
  if (onDatabaseTime) {
    for (const channel of [queryChannel, 'unite:db-ha:transaction']) {
      ends.push(onTimedEnd(channel, (_message, seconds) => onDatabaseTime(seconds), onFailure(channel)));
    }
  }
  if (onQuotaUse) {
    const used: Listener = (message) => onQuotaUse(message as unknown as QuotaUse);
    ends.push(onMessage(quotaUseChannel, used, onFailure(quotaUseChannel)));
  }
  return ends;
}
