import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startPostgres, startRedis } from '@unite/services';
import { runProgram, type ToldSpan } from './support/run-program';

let redis: Awaited<ReturnType<typeof startRedis>>;
let postgres: Awaited<ReturnType<typeof startPostgres>>;
beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgres({ replicas: 0 })]);
});
afterAll(() => Promise.all([redis.close(), postgres.close()]));

const program = `
  import { createCache } from '@unite/cache';
  import { redisLayer } from '@unite/cache/redis';
  import { createCluster } from '@unite/db-ha';
  import { createQuota, definePlans } from '@unite/quota';
  import { redisStore } from '@unite/quota/redis';
  import pg from 'pg';
  import { createClient } from 'redis';

  const redis = createClient({ url: process.env.REDIS_URL });
  await redis.connect();
  const nodes = [{ name: 'primary', url: process.env.DATABASE_URL }];
  const db = createCluster({ name: 'crm', nodes, Pool: pg.Pool });
  const cache = createCache({ namespace: 'crm', remote: redisLayer(createClient({ url: process.env.REDIS_URL })) });
  const quota = createQuota({ plans: definePlans({ free: { apiCallsPerDay: 1 } }), store: redisStore(redis) });
  const contacts = cache.define('contacts', {
    key: (id) => [id], scope: 'global', memoryTtlMs: 60_000, remoteTtlMs: 60_000, tags: (id) => ['contact:' + id],
    load: async (id) => (await db.query("SELECT $1::int AS id, 'a secret' AS name", [id])).rows[0],
  });

  // Outside of any trace nothing is told, whatever it costs.
  await contacts.get(1);
  await db.query('SELECT 1');
  await redis.get('nobody');

  await test.span('request', async () => {
    const acme = { tenantId: 'acme', plan: 'free', use: { apiCalls: 1 } };
    await quota.check(acme);
    await quota.check(acme);
    await Promise.all([contacts.get(2), test.span('beside', () => db.transaction((tx) => tx.query('SELECT 2')))]);
    await contacts.get(2);
    await cache.invalidateTags(['contact:2']);
    await db.query('SELECT no_such_column').catch(() => undefined);
    await db.query('SELECT $1::int', ['not a number']).catch(() => undefined);
    (await db.connect()).release();
  });
  await quota.close();
  await cache.close();
  await redis.close().catch(() => undefined);
  await db.close();
  test.tell({ family: test.instrumentations.at(-1).stats(), nests: test.instrumentations.at(-1).nests });
`;

test('a request is one tree over all packages, down to Redis and PostgreSQL', async () => {
  const { spans, family, nests } = await runProgram<{ family: object; nests: boolean }>(program, {
    names: ['pg', 'redis', 'unite'],
    env: { REDIS_URL: redis.url, DATABASE_URL: postgres.primaryUrl },
  });

  expect(roots(spans)).toEqual(['request']);
  expect(nests).toBe(true);
  expect(family).toMatchObject({ failures: 0, droppedEvents: 0 });
  expect(childrenOf('request')).toEqual(
    expect.arrayContaining([
      'quota check',
      'cache get contacts',
      'beside',
      'cache invalidate crm',
      'db-ha write',
    ]),
  );
  expect(
    pathOf('SELECT unite', ({ attributes }) => String(attributes['db.query.text']).includes('AS name')),
  ).toEqual(['request', 'cache get contacts', 'cache load contacts', 'db-ha write', 'SELECT unite']);
  expect(pathOf('SELECT unite', ({ attributes }) => attributes['db.query.text'] === 'SELECT ?')).toEqual([
    'request',
    'beside',
    'db-ha transaction',
    'SELECT unite',
  ]);
  // A query of the cluster tells itself what it waits for; the pool does in what runs code of the application.
  const pools = spans.filter(({ name }) => name === 'pg-pool.connect');
  expect(pools.map(({ parent }) => nameOf(parent))).toEqual(['db-ha transaction', 'request']);
  // What the cache and the quota ask Redis for is below them.
  const redisParents = spans
    .filter(({ scope }) => scope.endsWith('-redis'))
    .map(({ parent }) => nameOf(parent));
  expect(redisParents).toEqual(expect.arrayContaining(['quota check', 'cache get contacts']));

  const [first, second] = spans.filter(({ name }) => name === 'quota check');
  expect(first?.attributes).toMatchObject({ 'unite.quota.allowed': true, 'unite.quota.plan': 'free' });
  expect(second).toMatchObject({
    attributes: { 'unite.quota.allowed': false, 'unite.quota.violated': ['apiCallsPerDay'] },
    status: { code: 0 },
  });
  expect(spanOf('cache get contacts').attributes).toMatchObject({
    'unite.cache.name': 'crm',
    'unite.cache.definition': 'contacts',
    'unite.cache.layer': 'load',
  });
  expect(spanOf('request').events).toEqual([
    { name: 'cache.hit', attributes: { 'unite.cache.name': 'crm', 'unite.cache.definition': 'contacts' } },
  ]);

  // Failures have their code, on the span of the package and on that of the driver.
  const failed = spans.filter(({ name, status }) => name === 'db-ha write' && status.code === 2);
  expect(failed.map(({ attributes }) => attributes['error.type'])).toEqual(['42703', '22P02']);
  expect(spans.filter(({ name, status }) => name === 'SELECT unite' && status.code === 2)).toHaveLength(2);
  // Neither literals nor parameters nor what the server quotes of them.
  expect(JSON.stringify(spans)).not.toMatch(/a secret|not a number/);

  function spanOf(name: string, holds: (span: ToldSpan) => boolean = () => true): ToldSpan {
    const span = spans.find((one) => one.name === name && holds(one));
    if (!span) throw new Error(`no span ${name} among ${spans.map((one) => one.name).join(', ')}`);
    return span;
  }

  function nameOf(id: string | undefined): string | undefined {
    return spans.find((one) => one.id === id)?.name;
  }

  function childrenOf(name: string): readonly string[] {
    const { id } = spanOf(name);
    return spans.filter(({ parent }) => parent === id).map((one) => one.name);
  }

  function pathOf(name: string, holds: (span: ToldSpan) => boolean): readonly string[] {
    const path: string[] = [];
    let span: ToldSpan | undefined = spanOf(name, holds);
    while (span) {
      path.unshift(span.name);
      const { parent }: ToldSpan = span;
      span = spans.find((one) => one.id === parent);
    }
    return path;
  }
});

function roots(spans: readonly ToldSpan[]): readonly string[] {
  return spans.filter(({ parent }) => parent === undefined).map(({ name }) => name);
}
