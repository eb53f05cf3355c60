import { checkOptions, describeValue, expects, type OptionCheck, optionChecks } from '@unite/shared';
import type { ClusterOptions, NodeOptions } from './types';

const { object, positive, string } = optionChecks;
/** The longest that Node's timers and PostgreSQL's take. A timer of Node that is set for longer goes off at once. */
const longestMs = 2_147_483_647;
const duration = expects(
  `a positive number of at most ${longestMs}`,
  (value) => !positive(value) && (value as number) <= longestMs,
);
const wholeDuration = expects(
  `a whole number of at least 1 and of at most ${longestMs}`,
  (value) => !duration(value) && Number.isInteger(value),
);
const wholePositive = expects(
  'a whole number of at least 1',
  (value) => Number.isSafeInteger(value) && (value as number) >= 1,
);
const wholeOrZero = expects(
  'a whole number of at least 0',
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
);

const nodeShape = "{ url: 'postgres://user:password@host:5432/database' }";

const clusterChecks: Readonly<Record<string, OptionCheck>> = {
  nodes: expects(
    'a non-empty array of nodes, or an object with discover()',
    (value) => (Array.isArray(value) && value.length > 0) || isDiscovery(value),
  ),
  Pool: expects('a constructor such as pg.Pool', isConstructor),
  name: string,
  pool: object,
  reads: object,
  failover: object,
  healthCheckEveryMs: duration,
  probeTimeoutMs: duration,
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
  connectTimeoutMs: duration,
  idleTimeoutMs: duration,
  maxLifetimeMs: positive,
  statementTimeoutMs: wholeDuration,
  idleInTransactionTimeoutMs: wholeDuration,
  applicationName: string,
  ssl: expects(
    'true, false or TLS options',
    (value) => typeof value === 'boolean' || (typeof value === 'object' && value !== null),
  ),
};

const readsChecks: Readonly<Record<string, OptionCheck>> = { maxLagMs: positive, waitForReplicaMs: duration };
const failoverChecks: Readonly<Record<string, OptionCheck>> = {
  maxWaiting: wholeOrZero,
  timeoutMs: duration,
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
  refuseText('createCluster: the options', options, 'an object with nodes and Pool');
  refuseText('createCluster: option "nodes"', options?.nodes, `an array of ${nodeShape}`);
  refuseText('createCluster: option "Pool"', options?.Pool, 'a constructor such as pg.Pool');
  for (const name of ['pool', 'reads', 'failover'] as const)
    refuseText(`createCluster: option "${name}"`, options?.[name], 'an object');
  checkOptions('createCluster', options, clusterChecks, ['nodes', 'Pool']);
  checkOptions('createCluster pool', options.pool ?? {}, poolChecks);
  checkOptions('createCluster reads', options.reads ?? {}, readsChecks);
  checkOptions('createCluster failover', options.failover ?? {}, failoverChecks);
  if (!isDiscovery(options.nodes))
    checkNodes('createCluster', options.nodes, options.pool?.ssl !== undefined);
}

/** Also for the nodes that a discovery names while the cluster runs. */
export function checkNodes(owner: string, nodes: readonly NodeOptions[], hasSsl: boolean): void {
  if (!Array.isArray(nodes)) throw new TypeError(`${owner}: the nodes must be an array`);
  const names = new Set<string>();
  const addresses = new Map<string, string>();
  for (const [index, node] of nodes.entries()) {
    checkNode(`${owner} nodes[${index}]`, node, hasSsl);
    const { host, port } = addressOf(node.url) as NodeAddress;
    const name = node.name ?? `${host}:${port}`;
    if (names.has(name)) throw new TypeError(`${owner}: two nodes are called "${name}"`);
    names.add(name);
    // The same server twice would be two primaries.
    const address = withoutPassword(node.url);
    const other = addresses.get(address);
    if (other !== undefined)
      throw new TypeError(`${owner}: the nodes "${other}" and "${name}" have the same address`);
    addresses.set(address, name);
  }
}

function checkNode(owner: string, node: NodeOptions, hasSsl: boolean): void {
  refuseText(owner, node, nodeShape);
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

/** A text where an object belongs is most likely a URL, and a check would show it with its password. */
function refuseText(what: string, value: unknown, expected: string): void {
  if (typeof value === 'string')
    throw new TypeError(`${what} must be ${expected}, got a text, which may hold a password`);
}

function withoutPassword(url: string): string {
  const parsed = new URL(url);
  parsed.password = '';
  return parsed.href;
}

/** An arrow or a method has no prototype, and cannot be called with `new`. */
function isConstructor(value: unknown): boolean {
  return typeof value === 'function' && typeof value.prototype === 'object';
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
  const portNumber = Number(searchParams.get('port') ?? (port || 5432));
  const isPort = Number.isInteger(portNumber) && portNumber >= 1 && portNumber <= 65_535;
  return host && isPort ? { host, port: portNumber } : undefined;
}
