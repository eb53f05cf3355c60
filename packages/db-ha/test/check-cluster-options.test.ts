import { describe, expect, it } from '@jest/globals';
import { addressOf, checkClusterOptions, checkNodes, isDiscovery } from '../src/check-cluster-options';
import type { ClusterOptions } from '../src/types';

class Pool {}
const url = 'postgres://app:s3cret@db-1:5432/crm';
const nodes = [{ url }];

function messageOf(options: unknown): string {
  try {
    checkClusterOptions(options as ClusterOptions);
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return (error as TypeError).message;
  }
  return 'fine';
}

describe('what is accepted', () => {
  it.each([
    [{ nodes }],
    [{ nodes: [{ url: 'postgresql://[::1]/crm', name: 'a', pooler: 'transaction' }] }],
    [{ nodes: [{ url: 'postgres:///crm?host=/var/run/postgresql' }] }],
    [{ nodes: { discover: async () => [] } }],
    [{ nodes, pool: { max: 1, maxWaiting: 0, ssl: true, statementTimeoutMs: 1 } }],
    [{ nodes, pool: { ssl: { rejectUnauthorized: false } } }],
    [{ nodes, reads: { maxLagMs: 1, waitForReplicaMs: 0.5 }, failover: { maxWaiting: 0, timeoutMs: 1 } }],
    [
      {
        nodes,
        idempotencyTable: 'app.done_once',
        name: 'crm',
        random: Math.random,
        context: () => undefined,
      },
    ],
    [{ nodes, pool: undefined, name: undefined }],
    [
      {
        nodes: [
          { url: 'postgres://p:6432/crm', name: 'a' },
          { url: 'postgres://p:6432/crm_ro', name: 'b' },
        ],
      },
    ],
  ])('%j', (options) => {
    expect(messageOf({ Pool, ...options })).toBe('fine');
  });
});

describe('what is refused, by name and with what was given', () => {
  it.each<[object, string]>([
    [
      { nodes: [] },
      'createCluster: option "nodes" must be a non-empty array of nodes, or an object with discover(), got an array',
    ],
    [
      { nodes: undefined },
      '"nodes" must be a non-empty array of nodes, or an object with discover(), got undefined',
    ],
    [{ nodes: { discover: 1 } }, '"nodes" must be'],
    [{ nodes, Pool: {} }, '"Pool" must be a constructor such as pg.Pool, got an object'],
    [{ nodes, Pool: undefined }, '"Pool" must be a constructor such as pg.Pool, got undefined'],
    [{ nodes, replicas: [] }, 'createCluster: unknown option "replicas"; known are nodes, Pool,'],
    [{ nodes, name: '' }, '"name" must be a non-empty string, got ""'],
    [{ nodes, pool: [] }, '"pool" must be an object, got an array'],
    [{ nodes, healthCheckEveryMs: 0 }, '"healthCheckEveryMs" must be a positive number'],
    [{ nodes, probeTimeoutMs: Number.NaN }, '"probeTimeoutMs" must be a positive number'],
    [{ nodes, queryTimeoutMs: '30s' }, '"queryTimeoutMs" must be a positive number'],
    [{ nodes, idempotencyTable: 'Done' }, '"idempotencyTable" must be a table name'],
    [{ nodes, idempotencyTable: 'a.b.c' }, '"idempotencyTable" must be a table name'],
    [{ nodes, idempotencyTable: 'x; DROP TABLE y' }, '"idempotencyTable" must be a table name'],
    [{ nodes, idempotencyTable: 7 }, '"idempotencyTable" must be a table name'],
    [{ nodes, context: {} }, '"context" must be a function, got an object'],
    [{ nodes, clock: 1 }, '"clock" must be an object, got 1'],
    [
      { nodes, pool: { max: 0 } },
      'createCluster pool: option "max" must be a whole number of at least 1, got 0',
    ],
    [{ nodes, pool: { max: 2.5 } }, '"max" must be a whole number of at least 1, got 2.5'],
    [{ nodes, pool: { maxWaiting: -1 } }, '"maxWaiting" must be a whole number of at least 0, got -1'],
    [{ nodes, pool: { statementTimeoutMs: 0 } }, '"statementTimeoutMs" must be a whole number'],
    [{ nodes, pool: { ssl: 'require' } }, '"ssl" must be true, false or TLS options, got "require"'],
    [{ nodes, pool: { ssl: null } }, '"ssl" must be true, false or TLS options, got null'],
    [{ nodes, pool: { min: 2 } }, 'createCluster pool: unknown option "min"'],
    [{ nodes, reads: { maxLagMs: -5 } }, 'createCluster reads: option "maxLagMs" must be a positive number'],
    [
      { nodes, failover: { timeoutMs: Infinity } },
      'createCluster failover: option "timeoutMs" must be a positive number',
    ],
    [{ nodes, failover: { maxWaiting: 1.5 } }, 'createCluster failover: option "maxWaiting" must be'],
    [{ nodes: [null] }, 'createCluster nodes[0]: options must be an object, got null'],
    [{ nodes: [{ url }, undefined] }, 'createCluster nodes[1]: options must be an object, got undefined'],
    [
      { nodes: [{}] },
      'createCluster nodes[0]: option "url" must be a URL such as postgres://user:password@host:5432/database, got undefined',
    ],
    [{ nodes: [{ url, role: 'primary' }] }, 'createCluster nodes[0]: unknown option "role"'],
    [{ nodes: [{ url, pooler: 'session' }] }, `"pooler" must be 'none' or 'transaction', got "session"`],
    [{ nodes: [{ url }, { url }] }, 'createCluster: two nodes are called "db-1:5432"'],
    [
      {
        nodes: [
          { url, name: 'a' },
          { url, name: 'b' },
        ],
      },
      'createCluster: the nodes "a" and "b" have the same address',
    ],
    [
      { nodes: [{ url: `${url}?sslmode=require` }], pool: { ssl: true } },
      `createCluster nodes[0]: the URL's "sslmode" would override the option pool.ssl; give one of the two`,
    ],
  ])('%j', (options, message) => {
    expect(messageOf({ Pool, ...options })).toContain(message);
  });

  // A timer of Node that is set for longer goes off at once.
  it.each([
    [{ healthCheckEveryMs: 2 ** 31 }, 'healthCheckEveryMs'],
    [{ probeTimeoutMs: 2 ** 31 }, 'probeTimeoutMs'],
    [{ failover: { timeoutMs: Number.MAX_SAFE_INTEGER } }, 'timeoutMs'],
    [{ reads: { waitForReplicaMs: 2 ** 31 } }, 'waitForReplicaMs'],
    [{ pool: { connectTimeoutMs: 2 ** 31 } }, 'connectTimeoutMs'],
    [{ pool: { idleTimeoutMs: 2 ** 31 } }, 'idleTimeoutMs'],
    [{ pool: { statementTimeoutMs: 2 ** 31 } }, 'statementTimeoutMs'],
    [{ pool: { idleInTransactionTimeoutMs: 2 ** 31 } }, 'idleInTransactionTimeoutMs'],
  ])('a time that is too long for a timer: %j', (options, name) => {
    expect(messageOf({ Pool, nodes, ...options })).toMatch(
      new RegExp(`option "${name}" must be .* of at most 2147483647`),
    );
  });
});

describe('a password', () => {
  const secret = 's3cret';

  it.each([
    ['a URL for the options', url],
    ['a URL for the nodes', { Pool, nodes: url }],
    ['URLs for the nodes', { Pool, nodes: [url] }],
    ['a URL for the driver', { nodes, Pool: url }],
    ['a URL for the pool', { Pool, nodes, pool: url }],
    ['a URL of another database', { Pool, nodes: [{ url: 'mysql://app:s3cret@db/crm' }] }],
    ['a URL without a host', { Pool, nodes: [{ url: 'postgres://app:s3cret@/crm' }] }],
    ['a URL with a port that is none', { Pool, nodes: [{ url: 'postgres://app:s3cret@db:port/crm' }] }],
    [
      'a URL whose port in the query is none',
      { Pool, nodes: [{ url: 'postgres://app:s3cret@db/crm?port=x' }] },
    ],
    ['a key-value text', { Pool, nodes: [{ url: 'host=db password=s3cret' }] }],
    ['the same node twice', { Pool, nodes: [{ url }, { url }] }],
    [
      'the same address twice',
      {
        Pool,
        nodes: [
          { url, name: 'a' },
          { url, name: 'b' },
        ],
      },
    ],
    ['TLS given twice', { Pool, nodes: [{ url: `${url}?sslmode=require` }], pool: { ssl: true } }],
    ['a misspelt option beside it', { Pool, nodes: [{ url, Name: 'a' }] }],
  ])('is in no error: %s', (_what, options) => {
    expect(messageOf(options)).not.toBe('fine');
    expect(messageOf(options)).not.toContain(secret);
  });

  it('is in no error about nodes that were discovered', () => {
    expect(() => checkNodes('discover()', [url] as never, false)).toThrow(
      new TypeError(
        "discover() nodes[0] must be { url: 'postgres://user:password@host:5432/database' }, got a text, which may hold a password",
      ),
    );
    expect(() => checkNodes('discover()', url as never, false)).toThrow(
      new TypeError('discover(): the nodes must be an array'),
    );
  });
});

it('takes a server for the same whatever the password', () => {
  const other = { url: url.replace('s3cret', 'changed'), name: 'b' };
  expect(messageOf({ Pool, nodes: [{ url, name: 'a' }, other] })).toContain('have the same address');
});

describe('the address of a node', () => {
  it.each([
    ['postgres://db', 'db', 5432],
    ['postgresql://u:p@db:6543/crm?sslmode=require', 'db', 6543],
    ['postgres://[::1]:5433/crm', '::1', 5433],
    ['postgres:///crm?host=/var/run/postgresql', '/var/run/postgresql', 5432],
    ['postgres://db/crm?port=5999', 'db', 5999],
  ])('of %s', (text, host, port) => {
    expect(addressOf(text)).toEqual({ host, port });
  });

  it.each([
    undefined,
    7,
    '',
    'db:5432',
    'http://db',
    'postgres:',
    'postgres:///crm',
    'postgres://db:99999',
    'postgres://db/crm?port=x',
    'postgres://db/crm?port=0',
    'postgres://db/crm?port=70000',
  ])('is not in %p', (text) => {
    expect(addressOf(text)).toBeUndefined();
  });
});

it('tells a discovery by its method', () => {
  expect(isDiscovery({ discover: () => [] })).toBe(true);
  expect([undefined, null, [], {}, { discover: true }].map(isDiscovery)).not.toContain(true);
});
