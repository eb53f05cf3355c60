import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startPostgres, startRedis } from '@unite/services';
import { type ProgramOptions, runProgram, type Told, treeOf } from './support/run-program';

let redis: Awaited<ReturnType<typeof startRedis>>;
let postgres: Awaited<ReturnType<typeof startPostgres>>;
beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgres({ replicas: 0 })]);
});
afterAll(() => Promise.all([redis.close(), postgres.close()]));

const names = ['pg', 'redis', 'ioredis'] as const;
const load = {
  module: (name: string) => `(await import('${name}')).default`,
  commonjs: (name: string) => `require('${name}')`,
};

/** Each driver does the same outside of a trace, where nothing is told of it, and inside. */
function run(options: Omit<ProgramOptions, 'names'> & { readonly type: keyof typeof load }): Promise<Told> {
  const program = `
    const [pg, redis, Ioredis] = [${names.map(load[options.type])}];
    const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
    const client = await redis.createClient({ url: process.env.REDIS_URL }).connect();
    const other = new Ioredis(process.env.REDIS_URL);
    async function all() {
      await pool.query("SELECT 'secret'||$1", ['Grace']);
      await client.set('session:Zoe', 'Grace');
      await other.set('session:Zoe', 'Grace');
      await Promise.allSettled([client.sendCommand(['EVALSHA', 'f'.repeat(40), '0']), client.hGetAll('session:Zoe')]);
      await Promise.allSettled([pool.query('SELECT $1::int', ['Grace']), other.incr('session:Zoe')]);
    }
    await all();
    await test.span('request', all);
    await Promise.all([pool.end(), client.close(), other.quit()]);
    test.tell();`;
  return runProgram(options.type === 'module' ? program : `(async () => { ${program} })();`, {
    names,
    env: { REDIS_URL: redis.url, DATABASE_URL: postgres.primaryUrl },
    ...options,
  });
}

const treeWithoutConnections = ({ spans }: Told) => treeOf(spans).filter((line) => !line.includes('connect'));

describe.each([
  ['required', { type: 'commonjs' }],
  ['imported with the hook', { type: 'module', withHook: true }],
] as const)('drivers that are %s after the instrumentations', (_, options) => {
  let told: Told;
  beforeAll(async () => {
    told = await run(options);
  });

  test('are patched', () => {
    expect(told.report).toEqual([
      { name: 'pg', patched: expect.arrayContaining(['pg', 'pg-pool']), missed: [] },
      { name: 'redis', patched: ['@redis/client'], missed: [] },
      { name: 'ioredis', patched: ['ioredis'], missed: [] },
    ]);
  });

  test('are traced, inside a trace only', () => {
    expect(treeWithoutConnections(told)).toEqual([
      'request',
      '  SELECT unite',
      '  SET',
      '  set',
      ...['  EVALSHA', '  HGETALL', '  SELECT unite', '  incr'].map(() => expect.any(String)),
    ]);
    expect(treeOf(told.spans).filter((line) => !line.startsWith(' '))).toEqual(['request']);
  });

  test('tell names and no values, also where they fail', () => {
    expect(JSON.stringify(told.spans)).not.toMatch(/secret|Grace|Zoe/);
    const failed = told.spans.filter(({ status }) => status.code === 2);
    expect(failed.map(({ name }) => name).sort()).toEqual(['HGETALL', 'SELECT unite', 'incr']);
    expect(failed.map(({ status }) => status.message)).toContain(
      'invalid input syntax for type integer: "?"',
    );
    expect(failed.every(({ events }) => events.some(({ name }) => name === 'exception'))).toBe(true);
  });

  test('keep to the stable conventions', () => {
    const texts = Object.fromEntries(
      told.spans.map(({ name, attributes }) => [name, attributes['db.query.text']]),
    );
    expect(texts).toMatchObject({ SET: 'SET session:*', set: 'set session:*', EVALSHA: 'EVALSHA' });
    const [select] = told.spans.filter(({ attributes }) => attributes['db.query.text'] === 'SELECT ?||$1');
    expect(select?.attributes).toEqual({
      'db.system.name': 'postgresql',
      'db.namespace': 'unite',
      'db.operation.name': 'SELECT',
      'db.query.text': 'SELECT ?||$1',
      'server.address': '127.0.0.1',
      'server.port': expect.any(Number),
    });
  });
});

test('what is patched by its inner files needs no hook, and ioredis is reported', async () => {
  const told = await run({ type: 'module' });
  expect(treeWithoutConnections(told)).toEqual(
    expect.arrayContaining(['request', '  SELECT unite', '  SET']),
  );
  expect(told.report).toEqual([
    { name: 'pg', patched: expect.arrayContaining(['pg', 'pg-pool']), missed: [] },
    { name: 'redis', patched: ['@redis/client'], missed: [] },
    { name: 'ioredis', patched: [], missed: [{ module: 'ioredis', reason: 'no-esm-hook' }] },
  ]);
});

test('what was loaded before is reported', async () => {
  const told = await run({ type: 'module', loadFirst: names });
  expect(treeOf(told.spans)).toEqual(['request']);
  const missed = (...modules: string[]) =>
    modules.map((module) => ({ module, reason: 'loaded-before' as const }));
  expect(told.report).toEqual([
    { name: 'pg', patched: [], missed: missed('pg', 'pg-pool') },
    { name: 'redis', patched: [], missed: missed('@redis/client') },
    { name: 'ioredis', patched: [], missed: missed('ioredis') },
  ]);
});

test('what nobody loads is neither patched nor missed', async () => {
  const { report } = await runProgram('test.tell()', { names: ['pg', 'ioredis', 'undici', 'unite'] });
  expect(report).toEqual([
    { name: 'pg', patched: [], missed: [] },
    { name: 'ioredis', patched: [], missed: [] },
    { name: 'undici', patched: [], missed: [] },
    { name: 'unite', patched: [], missed: [] },
  ]);
});
