import { channel, tracingChannel } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { runWithContext } from '@unite/core/context';
import { createVault } from '@unite/crypto';
import { memoryKeyring } from '@unite/crypto/keys';
import { observe } from '@unite/shared';
import type { Labels, MetricDeclaration } from '../../src';
import { type FamilyListeners, subscribeToFamily } from '../../src/channels';

interface Put {
  readonly name: string;
  readonly value: number;
  readonly labels: Labels | undefined;
}

const declared = new Map<string, MetricDeclaration>();
const puts: Put[] = [];
const recorder = {
  declare: (name: string, declaration: MetricDeclaration) => void declared.set(name, declaration),
  put: (name: string, value: number, labels?: Labels) => void puts.push({ name, value, labels }),
};
let end: () => void = () => undefined;

function subscribe(listeners?: FamilyListeners): void {
  end();
  end = subscribeToFamily(recorder, listeners);
}

beforeEach(() => {
  puts.length = 0;
  subscribe();
});
afterEach(() => {
  end();
  jest.restoreAllMocks();
});

/** One operation on a tracing channel, as packages run it. */
function operation(
  name: string,
  message: object,
  result: object | Error = {},
  work = async () => {},
): Promise<unknown> {
  return observe(tracingChannel(name), { ...message }, async (said) => {
    await work();
    if (result instanceof Error) throw result;
    Object.assign(said, result);
  }).catch(() => undefined);
}

const seconds = expect.any(Number) as unknown as number;

describe('what is told becomes a metric', () => {
  const query = { cluster: 'crm', kind: 'read', statement: 'SELECT contacts' };
  const contacts = { cache: 'crm', definition: 'contacts' };
  const email = { vault: 'crm', table: 'contacts', column: 'email' };
  const unwrap = { vault: 'crm', provider: 'aws', operation: 'unwrap' };
  const coded = (code: unknown) => Object.assign(new Error('secret'), { code });
  test.each<[string, object, object | Error, string, Labels, number?]>([
    [
      'unite:db-ha:query',
      query,
      { node: 'a', role: 'replica' },
      'db_query_duration_seconds',
      { ...query, role: 'replica', outcome: 'ok' },
      seconds,
    ],
    [
      'unite:db-ha:query',
      query,
      new Error('secret'),
      'db_query_duration_seconds',
      { ...query, role: undefined, outcome: 'error' },
      seconds,
    ],
    [
      'unite:db-ha:transaction',
      { cluster: 'crm', isIdempotent: true },
      {},
      'db_transaction_duration_seconds',
      { cluster: 'crm', outcome: 'ok' },
      seconds,
    ],
    [
      'unite:cache:get',
      contacts,
      { layer: 'remote' },
      'cache_reads_total',
      { ...contacts, layer: 'remote', outcome: 'hit' },
    ],
    [
      'unite:cache:get',
      contacts,
      { layer: 'load' },
      'cache_reads_total',
      { ...contacts, layer: 'load', outcome: 'miss' },
    ],
    [
      'unite:cache:get',
      contacts,
      new Error('secret'),
      'cache_reads_total',
      { ...contacts, layer: undefined, outcome: 'error' },
    ],
    [
      'unite:cache:load',
      { ...contacts, reason: 'miss' },
      {},
      'cache_load_duration_seconds',
      { ...contacts, reason: 'miss', outcome: 'ok' },
      seconds,
    ],
    [
      'unite:cache:invalidate',
      { cache: 'crm', names: 3 },
      { acknowledged: true },
      'cache_invalidations_total',
      { cache: 'crm', acknowledged: true },
    ],
    [
      'unite:cache:invalidate',
      { cache: 'crm', names: 3 },
      new Error('secret'),
      'cache_invalidations_total',
      { cache: 'crm', acknowledged: false },
    ],
    [
      'unite:quota:check',
      { quota: 'crm' },
      { plan: 'free', allowed: false, by: 'store', violated: ['calls'] },
      'quota_decisions_total',
      { plan: 'free', allowed: false, by: 'store' },
    ],
    [
      'unite:quota:reserve',
      { quota: 'crm' },
      new Error('secret'),
      'quota_decisions_total',
      { plan: undefined, allowed: 'error', by: undefined },
    ],
    [
      'unite:quota:settle',
      { quota: 'crm', as: 'commit' },
      { isLate: true },
      'quota_settlements_total',
      { as: 'commit', late: true, outcome: 'ok' },
    ],
    [
      'unite:quota:settle',
      { quota: 'crm', as: 'release' },
      {},
      'quota_settlements_total',
      { as: 'release', late: false, outcome: 'ok' },
    ],
    [
      'unite:ops:check',
      { check: 'redis' },
      { status: 'up' },
      'ops_check_duration_seconds',
      { check: 'redis', status: 'up' },
      seconds,
    ],
    [
      'unite:ops:check',
      { check: 'redis' },
      new Error('secret'),
      'ops_check_duration_seconds',
      { check: 'redis', status: 'error' },
      seconds,
    ],
    [
      'unite:crypto:encrypt',
      { ...email, tenantId: 'acme', count: 1 },
      { keyId: 7 },
      'crypto_values_total',
      { vault: 'crm', operation: 'encrypt', table: 'contacts', column: 'email' },
    ],
    [
      'unite:crypto:decrypt',
      { ...email, tenantId: 'acme', count: 500 },
      { keyId: 7 },
      'crypto_values_total',
      { vault: 'crm', operation: 'decrypt', table: 'contacts', column: 'email' },
      500,
    ],
    // A batch that fails is one failure: nobody knows of how many values.
    ...(
      [
        ['UNITE_CRYPTO_AUTHENTICATION_FAILED', 'UNITE_CRYPTO_AUTHENTICATION_FAILED'],
        ['UNITE_QUOTA_EXCEEDED', 'UNITE_QUOTA_EXCEEDED'],
        ['user ada@example.com', 'other'],
        [7, 'other'],
        [undefined, 'other'],
      ] as const
    ).map(([code, told]): [string, object, Error, string, Labels] => [
      'unite:crypto:decrypt',
      { ...email, tenantId: 'acme', count: 500 },
      coded(code),
      'crypto_failures_total',
      { vault: 'crm', operation: 'decrypt', table: 'contacts', column: 'email', code: told },
    ]),
    ['unite:crypto:key', unwrap, {}, 'crypto_key_duration_seconds', { ...unwrap, outcome: 'ok' }, seconds],
    [
      'unite:crypto:key',
      unwrap,
      coded('UNITE_CRYPTO_KEYS_UNAVAILABLE'),
      'crypto_key_duration_seconds',
      { ...unwrap, outcome: 'UNITE_CRYPTO_KEYS_UNAVAILABLE' },
      seconds,
    ],
  ])('%s %j', async (name, message, result, metric, labels, value = 1) => {
    await operation(name, message, result);
    expect(puts).toEqual([{ name: metric, value, labels }]);
  });

  test.each<[string, object, string, Labels]>([
    [
      'unite:db-ha:change',
      { cluster: 'crm', node: 'a', from: 'up', to: 'down', reason: 'secret', primary: undefined },
      'db_node_changes_total',
      { cluster: 'crm', node: 'a', from: 'up', to: 'down' },
    ],
    [
      'unite:db-ha:route',
      { target: 'primary', reason: 'writes' },
      'db_routed_statements_total',
      { target: 'primary', reason: 'writes' },
    ],
    ['unite:cache:hit', contacts, 'cache_reads_total', { ...contacts, layer: 'memory', outcome: 'hit' }],
    [
      'unite:cache:state',
      { cache: 'crm', state: 'down', reason: 'secret' },
      'cache_state_changes_total',
      { cache: 'crm', state: 'down' },
    ],
    [
      'unite:quota:lost',
      { quota: 'crm', reason: 'closed', use: { calls: 1 } },
      'quota_lost_total',
      { quota: 'crm', reason: 'closed' },
    ],
    [
      'unite:quota:health',
      { quota: 'crm', part: 'store', state: 'down', error: new Error('secret') },
      'quota_health_changes_total',
      { quota: 'crm', part: 'store', state: 'down' },
    ],
    [
      'unite:ops:shed',
      { reason: 'group', group: 'degraded' },
      'ops_shed_total',
      { reason: 'group', group: 'degraded' },
    ],
    [
      'unite:ops:health',
      { check: 'redis', status: 'down', previous: 'up' },
      'ops_health_changes_total',
      { check: 'redis', status: 'down' },
    ],
    [
      'unite:ops:state',
      { state: 'draining', previous: 'ready', reason: 'SIGTERM' },
      'ops_state_changes_total',
      { state: 'draining' },
    ],
    [
      'unite:problem:respond',
      { type: '/errors/not-found', status: 404, error: new Error('secret') },
      'problems_total',
      { type: '/errors/not-found', status: 404 },
    ],
  ])('%s', (name, message, metric, labels) => {
    channel(name).publish(message);
    expect(puts).toEqual([{ name: metric, value: 1, labels }]);
  });

  test('of a declared name and declared labels', async () => {
    await operation('unite:db-ha:query', query);
    channel('unite:cache:hit').publish(contacts);
    for (const { name, labels } of puts)
      expect(declared.get(name)?.labels).toEqual(Object.keys(labels ?? {}));
    for (const { kind, labels = [] } of declared.values()) {
      expect(['counter', 'histogram']).toContain(kind);
      expect(labels.length).toBeLessThanOrEqual(8);
    }
  });
});

test('what is thrown may be no object at all', async () => {
  await observe(tracingChannel('unite:crypto:encrypt'), { vault: 'crm', count: 1 }, () =>
    Promise.reject(undefined),
  ).catch(() => undefined);
  expect(puts).toMatchObject([{ name: 'crypto_failures_total', value: 1, labels: { code: 'other' } }]);
});

test('a vault is counted as it counts itself', async () => {
  const vault = createVault({ name: 'crm', keys: memoryKeyring() });
  const email = vault.field('contacts', 'email');
  const stored = await email.encrypt('ada@example.com', { rowId: 7, tenantId: 'acme' });
  const items = [stored, stored].map((value) => ({ value, rowId: 7 }));
  await email.decryptAll(items, { tenantId: 'acme' });
  await email.decrypt(stored, { rowId: 7, tenantId: 'globex' }).catch(() => undefined);
  await email.decrypt(stored, { rowId: 8, tenantId: 'acme' }).catch(() => undefined);
  const sums: Record<string, number> = {};
  for (const { name, value, labels } of puts) {
    const key = [name, labels?.operation, labels?.code ?? labels?.outcome].join(' ').trim();
    sums[key] = (sums[key] ?? 0) + (name.endsWith('_seconds') ? 1 : value);
  }
  const { encrypted, decrypted, failures, keyCalls } = vault.status();
  expect(sums).toEqual({
    'crypto_values_total encrypt': encrypted,
    'crypto_values_total decrypt': decrypted,
    'crypto_failures_total decrypt UNITE_CRYPTO_TENANT_MISMATCH': failures.UNITE_CRYPTO_TENANT_MISMATCH,
    'crypto_failures_total decrypt UNITE_CRYPTO_AUTHENTICATION_FAILED':
      failures.UNITE_CRYPTO_AUTHENTICATION_FAILED,
    'crypto_key_duration_seconds generate ok': keyCalls.generate,
  });
  expect(JSON.stringify(puts)).not.toMatch(/acme|globex|ada/);
});

test('the time of a query is that between its start and its end', async () => {
  let nowMs = 5_000;
  jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
  await operation('unite:db-ha:query', { cluster: 'crm', kind: 'read' }, {}, async () => {
    nowMs += 250;
  });
  expect(puts[0]?.value).toBe(0.25);
});

describe('slow queries', () => {
  let nowMs = 5_000;
  const slow = jest.fn();
  const run = (statement: string | undefined, ms: number, cluster = 'crm') =>
    operation('unite:db-ha:query', { cluster, kind: 'read', statement }, {}, async () => {
      nowMs += ms;
    });
  beforeEach(() => {
    slow.mockClear();
    jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
  });

  test('are told once a minute for each statement, with the route', async () => {
    subscribe({ onSlowQuery: slow });
    await runWithContext({ requestId: 'r', route: 'GET /contacts', state: new Map() }, async () => {
      await run('SELECT contacts', 499);
      await run('SELECT contacts', 500);
      await run('SELECT contacts', 600);
      await run('SELECT contacts', 600, 'other');
    });
    await run(undefined, 700);
    expect(slow.mock.calls).toEqual([
      [{ cluster: 'crm', statement: 'SELECT contacts', seconds: 0.5, route: 'GET /contacts' }],
      [{ cluster: 'other', statement: 'SELECT contacts', seconds: 0.6, route: 'GET /contacts' }],
      [{ cluster: 'crm', statement: 'unknown', seconds: 0.7, route: undefined }],
    ]);
    nowMs += 60_000;
    await run('SELECT contacts', 500);
    expect(slow).toHaveBeenCalledTimes(4);
  });

  test('of statements without end are bounded', async () => {
    subscribe({ onSlowQuery: slow, slowQueryMs: 1, context: () => undefined });
    for (const index of Array(1_200).keys()) await run(`SELECT t${index}`, 2);
    expect(slow).toHaveBeenCalledTimes(1_000);
  });
});

test('the time of a database and what quotas charge are told beside', async () => {
  const onDatabaseTime = jest.fn();
  const onQuotaUse = jest.fn();
  subscribe({ onDatabaseTime, onQuotaUse });
  await operation('unite:db-ha:query', { cluster: 'crm', kind: 'read' });
  await operation('unite:db-ha:transaction', { cluster: 'crm', isIdempotent: false });
  expect(onDatabaseTime.mock.calls).toEqual([[seconds], [seconds]]);
  const use = { quota: 'crm', plan: 'free', route: undefined, use: {}, costs: [], isUnpriced: false };
  channel('unite:quota:use').publish(use);
  expect(onQuotaUse.mock.calls).toEqual([[use]]);
});

test('what throws is counted, and reaches nobody', async () => {
  subscribe({
    onQuotaUse: () => {
      throw new Error('no');
    },
  });
  channel('unite:quota:use').publish({});
  channel('unite:cache:hit').publish(undefined as unknown as object);
  channel('unite:problem:respond').publish({
    get type() {
      throw new Error('no');
    },
  });
  expect(puts).toEqual(
    ['unite:quota:use', 'unite:cache:hit', 'unite:problem:respond'].map((name) => ({
      name: 'unite_channel_failures_total',
      value: 1,
      labels: { channel: name },
    })),
  );
});

test('nothing is listened for after the end, and what had not begun is not timed', async () => {
  end();
  expect(tracingChannel('unite:db-ha:query').hasSubscribers).toBe(false);
  expect(channel('unite:cache:hit').hasSubscribers).toBe(false);
  let release = () => {};
  const running = operation(
    'unite:db-ha:query',
    { cluster: 'crm', kind: 'read' },
    {},
    () =>
      new Promise<void>((resolve) => {
        release = resolve;
      }),
  );
  subscribe({ onSlowQuery: () => undefined });
  release();
  await running;
  end();
  end();
  expect(puts).toEqual([]);
});
