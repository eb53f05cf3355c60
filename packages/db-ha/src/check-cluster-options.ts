import { checkOptions, describeValue, expects, type OptionCheck, optionChecks } from '@unite/shared';
import type { ClusterOptions, NodeOptions } from './types';

const { object, positive, string } = optionChecks;
const wholePositive = expects(
  'a whole number of at least 1',
  (value) => Number.isSafeInteger(value) && (value as number) >= 1,
);
const wholeOrZero = expects(
  'a whole number of at least 0',
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
);

const clusterChecks: Readonly<Record<string, OptionCheck>> = {
  nodes: expects(
    'a non-empty array of nodes, or an object with discover()',
    (value) => (Array.isArray(value) && value.length > 0) || isDiscovery(value),
  ),
  Pool: expects('a constructor such as pg.Pool', (value) => typeof value === 'function'),
  name: string,
  pool: object,
  reads: object,
  failover: object,
  healthCheckEveryMs: positive,
  probeTimeoutMs: positive,
  queryTimeoutMs: positive,
  idempotencyTable: expects(
    'a table name, with a schema if wanted, in lower-case letters, digits and underscores',
    (value) => typeof value === 'string' && /^([a-z_][a-z0-9_]*\.)?[a-z_][a-z0-9_]*$/.test(value),
  ),
  context: optionChecks.function,
  clock: object,
  random: optionChecks.function,
};

const poolChecks: Readonly<Record<string, OptionCheck>> = {
  max: wholePositive,
  maxForReadsOnPrimary: wholePositive,
  maxWaiting: wholeOrZero,
  connectTimeoutMs: positive,
  idleTimeoutMs: positive,
  maxLifetimeMs: positive,
  statementTimeoutMs: wholePositive,
  idleInTransactionTimeoutMs: wholePositive,
  applicationName: string,
  ssl: expects(
    'true, false or TLS options',
    (value) => typeof value === 'boolean' || (typeof value === 'object' && value !== null),
  ),
};

const readsChecks: Readonly<Record<string, OptionCheck>> = { maxLagMs: positive, waitForReplicaMs: positive };
const failoverChecks: Readonly<Record<string, OptionCheck>> = {
  maxWaiting: wholeOrZero,
  timeoutMs: positive,
};
const nodeChecks: Readonly<Record<string, OptionCheck>> = {
  // Its value is never shown: it holds a password.
  url: (value) =>
    addressOf(value) ? undefined : 'a URL such as postgres://user:password@host:5432/database',
  name: string,
  pooler: expects("'none' or 'transaction'", (value) => value === 'none' || value === 'transaction'),
};

/** @throws TypeError that names the option and what it got; never a URL, which holds a password */
export function checkClusterOptions(options: ClusterOptions): void {
  checkOptions('createCluster', options, clusterChecks, ['nodes', 'Pool']);
  checkOptions('createCluster pool', options.pool ?? {}, poolChecks);
  checkOptions('createCluster reads', options.reads ?? {}, readsChecks);
  checkOptions('createCluster failover', options.failover ?? {}, failoverChecks);
  if (!isDiscovery(options.nodes))
    checkNodes('createCluster', options.nodes, options.pool?.ssl !== undefined);
}

/** Also for the nodes that a discovery names while the cluster runs. */
export function checkNodes(owner: string, nodes: readonly NodeOptions[], hasSsl: boolean): void {
  const names = new Set<string>();
  for (const [index, node] of nodes.entries()) {
    checkNode(`${owner} nodes[${index}]`, node, hasSsl);
    const { host, port } = addressOf(node.url) as NodeAddress;
    const name = node.name ?? `${host}:${port}`;
    if (names.has(name)) throw new TypeError(`${owner}: two nodes are called "${name}"`);
    names.add(name);
  }
}

function checkNode(owner: string, node: NodeOptions, hasSsl: boolean): void {
  if (typeof node === 'object' && node !== null && !addressOf(node.url)) {
    throw new TypeError(
      `${owner}: option "url" must be a URL such as postgres://user:password@host:5432/database, got ${typeof node.url === 'string' ? 'another text' : describeValue(node.url)}`,
    );
  }
  checkOptions(owner, node, nodeChecks, ['url']);
  const sslInUrl = [...new URL(node.url).searchParams.keys()].find((key) => /^ssl/.test(key));
  if (hasSsl && sslInUrl) {
    throw new TypeError(
      `${owner}: the URL's "${sslInUrl}" would override the option pool.ssl; give one of the two`,
    );
  }
}

export function isDiscovery(value: unknown): value is { discover: unknown } {
  return typeof (value as { discover?: unknown } | null)?.discover === 'function';
}

/** Where a node listens. */
export interface NodeAddress {
  readonly host: string;
  readonly port: number;
}

/** Host and port of a PostgreSQL URL, a socket's directory among the hosts; `undefined` when it is none. */
export function addressOf(url: unknown): NodeAddress | undefined {
  if (typeof url !== 'string' || !/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) return undefined;
  const { hostname, port, searchParams } = new URL(url);
  const host = searchParams.get('host') ?? hostname.replace(/^\[|\]$/g, '');
  return host ? { host, port: Number(searchParams.get('port') ?? (port || 5432)) } : undefined;
}
