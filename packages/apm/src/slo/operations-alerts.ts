import type { BurnRule } from './burn-rates';

/** What the expressions of alerts are made with. */
export interface AlertParts {
  /** A selector of the service: `of('ops_shed_total', 'reason="delay"')`. */
  of(metric: string, ...matchers: readonly string[]): string;
}

/** An alert, before it is one of a service. */
export interface OperationsAlert {
  readonly severity: BurnRule['severity'];
  /** How long it must hold. */
  readonly for: string;
  readonly summary: string;
  readonly expr: (parts: AlertParts) => string;
}

/** What only an operator can put right, by the metrics that packages of the family publish; those of objectives are not among them. */
export const operationsAlerts = {
  ServiceSilent: {
    severity: 'page',
    for: '2m',
    summary: 'No instance is scraped: the service is down, or nobody can see it',
    expr: ({ of }) => `absent(${of('process_uptime_seconds')})`,
  },
  ProcessRestarts: {
    severity: 'page',
    for: '0m',
    summary: '{{ $labels.instance }} has started three times or more within half an hour',
    expr: ({ of }) => `resets(${of('process_uptime_seconds')}[30m]) >= 3`,
  },
  EventLoopLate: {
    severity: 'ticket',
    for: '5m',
    summary: 'The event loop of {{ $labels.instance }} is later than 200 ms',
    expr: ({ of }) => `${of('nodejs_eventloop_lag_p99_seconds')} > 0.2`,
  },
  HeapNearLimit: {
    severity: 'ticket',
    for: '10m',
    summary: 'The heap of {{ $labels.instance }} uses 90 % of what it may',
    expr: ({ of }) => `${of('nodejs_heap_size_used_bytes')} / ${of('nodejs_heap_size_limit_bytes')} > 0.9`,
  },
  HealthCheckDown: {
    severity: 'ticket',
    for: '2m',
    summary: 'The health check {{ $labels.check }} says down more often than not',
    expr: ({ of }) => {
      const runs = (...matchers: readonly string[]): string =>
        `sum by (check) (rate(${of('ops_check_duration_seconds_count', ...matchers)}[5m]))`;
      return `${runs('status=~"down|error"')} / ${runs()} > 0.5`;
    },
  },
  RequestsShed: {
    severity: 'ticket',
    for: '5m',
    summary: 'More than 1 % of the requests are refused: {{ $labels.reason }}',
    expr: ({ of }) =>
      `sum by (reason) (rate(${of('ops_shed_total')}[5m])) / on () group_left () sum(rate(${of('http_server_request_duration_seconds_count')}[5m])) > 0.01`,
  },
  ReleaseRolledBack: {
    severity: 'ticket',
    for: '0m',
    summary: 'The release {{ $labels.service_version }} came within the last hour and is gone',
    // One that another release has followed was there before, or the newer one is: only what was tried and left is new and gone.
    expr: ({ of }) => {
      const uptime = of('process_uptime_seconds');
      const releases = (series: string): string => `group by (service_version) (${series})`;
      return `${releases(`last_over_time(${uptime}[1h])`)} unless ${releases(uptime)} unless ${releases(`${uptime} offset 1h`)}`;
    },
  },
  ReleasesMixed: {
    severity: 'ticket',
    for: '1h',
    summary: 'Several releases have served for an hour: a deployment has not come to its end',
    expr: ({ of }) => `count(group by (service_version) (${of('process_uptime_seconds')})) > 1`,
  },
  DatabaseWritesFail: {
    severity: 'page',
    for: '1m',
    summary: 'Most statements for the primary of {{ $labels.cluster }} fail',
    expr: ({ of }) => {
      const writes = (...matchers: readonly string[]): string =>
        `sum by (cluster) (rate(${of('db_query_duration_seconds_count', 'kind="write"', ...matchers)}[2m]))`;
      return `${writes('outcome="error"')} / ${writes()} > 0.5`;
    },
  },
  DatabaseNodeDown: {
    severity: 'ticket',
    for: '2m',
    summary: 'The node {{ $labels.node }} of {{ $labels.cluster }} does not answer',
    expr: ({ of }) => inState(of, ['down']),
  },
  DatabaseReplicaBehind: {
    severity: 'ticket',
    for: '5m',
    summary: 'The replica {{ $labels.node }} of {{ $labels.cluster }} lags too far to be read from',
    expr: ({ of }) => inState(of, ['behind']),
  },
  DatabaseNodeFenced: {
    severity: 'page',
    for: '1m',
    summary:
      'The node {{ $labels.node }} is no part of the cluster {{ $labels.cluster }} any more, and still answers',
    expr: ({ of }) => inState(of, ['fenced', 'foreign']),
  },
  DatabasePoolFull: {
    severity: 'ticket',
    for: '5m',
    summary: 'Statements wait for a connection to {{ $labels.node }} of {{ $labels.cluster }} all the time',
    expr: ({ of }) => `min by (cluster, node, purpose) (min_over_time(${of('db_pool_waiting')}[2m])) > 0`,
  },
  CacheRemoteDown: {
    severity: 'ticket',
    for: '2m',
    summary: 'The cache {{ $labels.cache }} goes without its remote layer',
    expr: ({ of }) =>
      isDown(of, 'cache_state_changes_total', 'cache', { down: 'state="down"', up: 'state="up"' }),
  },
  CacheHitRateLow: {
    severity: 'ticket',
    for: '30m',
    summary: 'Of the reads of the cache {{ $labels.cache }} less than half are hits',
    expr: ({ of }) => {
      const reads = (...matchers: readonly string[]): string =>
        `sum by (cache) (rate(${of('cache_reads_total', ...matchers)}[10m]))`;
      return `${reads('outcome="miss"')} / (${reads()} > 1) > 0.5`;
    },
  },
  QuotaStoreDown: {
    severity: 'ticket',
    for: '2m',
    summary: 'The quota {{ $labels.quota }} counts in each process alone: its store is down',
    expr: ({ of }) => quotaPartDown(of, 'store'),
  },
  QuotaLedgerDown: {
    severity: 'page',
    for: '5m',
    summary: 'What is used of {{ $labels.quota }} is not written down: its ledger is down',
    expr: ({ of }) => quotaPartDown(of, 'ledger'),
  },
  QuotaUsesLost: {
    severity: 'ticket',
    for: '0m',
    summary: 'Uses of {{ $labels.quota }} will not be charged: {{ $labels.reason }}',
    expr: ({ of }) => risen('quota, reason', of('quota_lost_total'), '10m'),
  },
  CryptoKeysFail: {
    severity: 'page',
    for: '2m',
    summary: 'Most calls of the key provider {{ $labels.provider }} fail',
    expr: ({ of }) => {
      const calls = (...matchers: readonly string[]): string =>
        `sum by (provider) (rate(${of('crypto_key_duration_seconds_count', ...matchers)}[5m]))`;
      return `${calls('outcome!="ok"')} / ${calls()} > 0.5`;
    },
  },
} satisfies Readonly<Record<string, OperationsAlert>>;

/** Names of all of them. */
export type OperationsAlertName = keyof typeof operationsAlerts;

/** Each change is counted in both directions: what has come and not gone is so now. By the process that sees it most. */
function inState(of: AlertParts['of'], states: readonly string[]): string {
  const pattern = states.join('|');
  return isDown(of, 'db_node_changes_total', 'cluster, node', {
    down: `to=~"${pattern}"`,
    up: `from=~"${pattern}"`,
  });
}

function quotaPartDown(of: AlertParts['of'], part: string): string {
  return isDown(of, 'quota_health_changes_total', 'quota', {
    down: `part="${part}",state="down"`,
    up: `part="${part}",state="up"`,
  });
}

function isDown(
  of: AlertParts['of'],
  metric: string,
  labels: string,
  { down, up }: { readonly down: string; readonly up: string },
): string {
  const counted = (matcher: string): string => `sum by (${labels}, instance) (${of(metric, matcher)})`;
  // What has never come back has no series of that.
  return `max by (${labels}) (${counted(down)} - (${counted(up)} or 0 * ${counted(down)})) > 0`;
}

/** A counter that appears with a value has not increased, as Prometheus sees it. */
function risen(labels: string, counter: string, window: string): string {
  return `sum by (${labels}) (increase(${counter}[${window}])) > 0 or sum by (${labels}) (${counter} > 0 unless ${counter} offset ${window})`;
}
