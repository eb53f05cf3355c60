import type { OperationsAlertName } from './operations-alerts';

/** A series of a test, in the notation of `promtool`: a value each half minute. */
export interface TrialSeries {
  readonly metric: string;
  /** Beside those of the service and its first instance. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly values: string;
}

/** What happens in the test of an alert. */
export interface Trial {
  readonly series: readonly TrialSeries[];
  /** Of the alert, beside those of the service and the severity. */
  readonly labels: Readonly<Record<string, string>>;
  /** @default 140m */
  readonly firesAt?: string | undefined;
  /** @default before the trouble, and long after it: 55m, 230m */
  readonly silentAt?: readonly string[] | undefined;
  /** Its series would be in the way of other trials. @default false */
  readonly isAlone?: boolean | undefined;
}

// An hour of all being well, an hour and a half of trouble, and an hour and a half of all being well again.

/** A counter that goes up all the time. */
const always = '0+30x480';
/** A counter that goes up in the trouble alone. */
const inTrouble = '0x120 0+30x180 5400x180';
/** One that goes up at all other times. */
const otherwise = '0+30x120 3600x180 3600+30x180';
/** A counter that does not exist before the trouble, and begins with 1. */
const sinceTrouble = '_x121 1x360';
/** A counter of what came back when the trouble was over. */
const afterTrouble = '_x302 1x180';
/** A value that is high in the trouble. */
const gauge = (well: number, bad: number): string => `${well}x120 ${bad}x180 ${well}x180`;
const one = { instance: 'one:9000' };

/** One for each alert. */
export const operationsTrials: Readonly<Record<OperationsAlertName, Trial>> = {
  ServiceSilent: {
    isAlone: true,
    series: [{ metric: 'process_uptime_seconds', values: '0+30x120 stale _x180 0+30x180' }],
    labels: {},
  },
  ProcessRestarts: {
    isAlone: true,
    series: [
      {
        metric: 'process_uptime_seconds',
        values: `0+30x120 ${Array.from({ length: 18 }, () => '0+30x9').join(' ')} 0+30x180`,
      },
    ],
    labels: one,
  },
  EventLoopLate: {
    series: [{ metric: 'nodejs_eventloop_lag_p99_seconds', values: gauge(0.02, 0.4) }],
    labels: one,
  },
  HeapNearLimit: {
    series: [
      { metric: 'nodejs_heap_size_used_bytes', values: gauge(100, 950) },
      { metric: 'nodejs_heap_size_limit_bytes', values: gauge(1_000, 1_000) },
    ],
    labels: one,
  },
  HealthCheckDown: {
    series: [
      {
        metric: 'ops_check_duration_seconds_count',
        labels: { check: 'redis', status: 'up' },
        values: otherwise,
      },
      {
        metric: 'ops_check_duration_seconds_count',
        labels: { check: 'redis', status: 'down' },
        values: inTrouble,
      },
      { metric: 'ops_check_duration_seconds_count', labels: { check: 'loop', status: 'up' }, values: always },
    ],
    labels: { check: 'redis' },
  },
  RequestsShed: {
    series: [
      { metric: 'ops_shed_total', labels: { reason: 'delay', group: '' }, values: inTrouble },
      { metric: 'http_server_request_duration_seconds_count', values: '0+300x480' },
    ],
    labels: { reason: 'delay' },
  },
  ReleaseRolledBack: {
    isAlone: true,
    series: [
      { metric: 'process_uptime_seconds', labels: { service_version: 'v1' }, values: always },
      { metric: 'process_uptime_seconds', labels: { service_version: 'v2' }, values: '_x240 0+30x30 stale' },
      // An ordinary deployment: v0 goes when v1 has come.
      { metric: 'process_uptime_seconds', labels: { service_version: 'v0' }, values: '0+30x200 stale' },
    ],
    labels: { service_version: 'v2' },
    silentAt: ['55m', '130m', '230m'],
  },
  ReleasesMixed: {
    isAlone: true,
    series: [
      { metric: 'process_uptime_seconds', labels: { service_version: 'v1' }, values: '0+30x300 stale' },
      { metric: 'process_uptime_seconds', labels: { service_version: 'v2' }, values: '_x120 0+30x360' },
    ],
    labels: {},
    silentAt: ['55m', '90m', '230m'],
  },
  DatabaseWritesFail: {
    series: [
      {
        metric: 'db_query_duration_seconds_count',
        labels: { cluster: 'main', kind: 'write', outcome: 'ok' },
        values: otherwise,
      },
      {
        metric: 'db_query_duration_seconds_count',
        labels: { cluster: 'main', kind: 'write', outcome: 'error' },
        values: inTrouble,
      },
    ],
    labels: { cluster: 'main' },
  },
  DatabaseNodeDown: nodeTrial('down'),
  DatabaseReplicaBehind: nodeTrial('behind'),
  DatabaseNodeFenced: nodeTrial('fenced'),
  DatabasePoolFull: {
    series: [
      {
        metric: 'db_pool_waiting',
        labels: { cluster: 'main', node: 'db-1', purpose: 'write' },
        values: gauge(0, 7),
      },
    ],
    labels: { cluster: 'main', node: 'db-1', purpose: 'write' },
  },
  CacheRemoteDown: {
    series: [
      { metric: 'cache_state_changes_total', labels: { cache: 'crm', state: 'down' }, values: sinceTrouble },
      { metric: 'cache_state_changes_total', labels: { cache: 'crm', state: 'up' }, values: afterTrouble },
    ],
    labels: { cache: 'crm' },
  },
  CacheHitRateLow: {
    series: [
      { metric: 'cache_reads_total', labels: { cache: 'crm', outcome: 'hit' }, values: '0+60x480' },
      {
        metric: 'cache_reads_total',
        labels: { cache: 'crm', outcome: 'miss' },
        values: '0x120 0+300x180 54000x180',
      },
    ],
    labels: { cache: 'crm' },
  },
  QuotaStoreDown: quotaTrial('store'),
  QuotaLedgerDown: quotaTrial('ledger'),
  QuotaUsesLost: {
    series: [
      { metric: 'quota_lost_total', labels: { quota: 'crm', reason: 'queue-full' }, values: sinceTrouble },
    ],
    labels: { quota: 'crm', reason: 'queue-full' },
    firesAt: '62m',
  },
  CryptoKeysFail: {
    series: [
      {
        metric: 'crypto_key_duration_seconds_count',
        labels: { provider: 'file', outcome: 'ok' },
        values: otherwise,
      },
      {
        metric: 'crypto_key_duration_seconds_count',
        labels: { provider: 'file', outcome: 'UNITE_CRYPTO_KEYS_UNAVAILABLE' },
        values: inTrouble,
      },
    ],
    labels: { provider: 'file' },
  },
};

/** A node that goes into a state, and out of it again. */
function nodeTrial(state: string): Trial {
  const node = { cluster: 'main', node: `db-${state}` };
  return {
    series: [
      { metric: 'db_node_changes_total', labels: { ...node, from: 'up', to: state }, values: sinceTrouble },
      { metric: 'db_node_changes_total', labels: { ...node, from: state, to: 'up' }, values: afterTrouble },
    ],
    labels: node,
  };
}

function quotaTrial(part: string): Trial {
  const quota = { quota: 'crm', part };
  return {
    series: [
      { metric: 'quota_health_changes_total', labels: { ...quota, state: 'down' }, values: sinceTrouble },
      { metric: 'quota_health_changes_total', labels: { ...quota, state: 'up' }, values: afterTrouble },
    ],
    labels: { quota: 'crm' },
  };
}
