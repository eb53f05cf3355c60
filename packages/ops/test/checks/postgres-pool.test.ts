import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type PostgresCluster, type PostgresNode, startPostgres } from '@unite/services';
import pg from 'pg';
import { postgresCheck } from '../../src/checks';
import { ask, askUntil } from './support/ask';

let servers: PostgresCluster;
let primary: PostgresNode;
let replica: PostgresNode;
const opened: pg.Pool[] = [];

beforeAll(async () => {
  servers = await startPostgres({ replicas: 1 });
  [primary, replica] = servers.nodes as unknown as [PostgresNode, PostgresNode];
});
afterEach(() => {
  for (const pool of opened.splice(0)) void pool.end().catch(() => undefined);
});
afterAll(() => servers?.close());

function open(connectionString: string, options: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 2, ...options });
  pool.on('error', () => undefined);
  opened.push(pool);
  return pool;
}

/** Where an answer comes, it may take its time on a busy machine. */
const patiently = { timeoutMs: 10_000 };

const isDown = ({ groups }: { readonly groups?: Readonly<Record<string, string>> | undefined }) =>
  groups?.ready === 'down';

describe('a pool', () => {
  it('is up on a primary', async () => {
    const { groups, detail } = await ask(postgresCheck(open(primary.url), patiently));
    expect({ groups, detail }).toEqual({ groups: { ready: 'up', write: 'up' }, detail: 'takes writes' });
  });

  it('cannot write on a standby, nor where the server is closed to writes', async () => {
    expect(await ask(postgresCheck(open(replica.url), patiently))).toMatchObject({
      groups: { ready: 'up', write: 'down' },
      detail: 'is in recovery: takes no writes',
    });
    const closed = open(primary.url, { options: '-c default_transaction_read_only=on' });
    expect(await ask(postgresCheck(closed, { ...patiently, writeGroup: 'ready' }))).toMatchObject({
      groups: { ready: 'down' },
      detail: 'is read-only: takes no writes',
    });
  });

  it('whose connections are all taken says so, and one question waits', async () => {
    const pool = open(primary.url, { max: 1 });
    const client = await pool.connect();
    const check = postgresCheck(pool, { timeoutMs: 400 });
    for (const _ of [1, 2]) {
      expect(await ask(check)).toMatchObject({
        groups: { ready: 'down', write: 'down' },
        detail: 'no free connection in 360 ms',
      });
    }
    expect(pool.waitingCount).toBe(1);
    client.release();
    expect((await askUntil(check, (result) => !isDown(result))).detail).toBe('takes writes');
  });

  it('with a time limit of its own says the same', async () => {
    const pool = open(primary.url, { max: 1, connectionTimeoutMillis: 1_000 });
    const client = await pool.connect();
    expect((await ask(postgresCheck(pool, patiently))).detail).toBe('no free connection in time');
    client.release();
  });

  it('says that the login is refused, or the database missing, and no name', async () => {
    const url = new URL(primary.url);
    url.password = 'wrong';
    expect((await ask(postgresCheck(open(url.href), patiently))).detail).toBe('refuses the login');
    const missing = new URL(primary.url);
    missing.pathname = '/missing';
    expect((await ask(postgresCheck(open(missing.href), patiently))).detail).toBe('has no such database');
  });

  it('that is closed is down', async () => {
    const pool = new pg.Pool({ connectionString: primary.url });
    await pool.end();
    expect(await ask(postgresCheck(pool))).toMatchObject({
      groups: { ready: 'down', write: 'down' },
      detail: 'the pool is closed',
    });
  });

  it('on a frozen server is down in time, sends one query, and is up when the server goes on', async () => {
    const pool = open(primary.url);
    const check = postgresCheck(pool, { timeoutMs: 500 });
    await ask(check);
    await primary.kill('SIGSTOP');
    try {
      for (const _ of [1, 2]) {
        expect(await ask(check)).toMatchObject({ groups: { ready: 'down' }, detail: 'no answer in 450 ms' });
      }
      expect([pool.totalCount, pool.waitingCount]).toEqual([1, 0]);
    } finally {
      await primary.kill('SIGCONT');
    }
    expect((await askUntil(check, (result) => !isDown(result))).detail).toBe('takes writes');
  });

  it('on a killed server is down, and up when it is back', async () => {
    const check = postgresCheck(open(primary.url));
    await ask(check);
    await primary.kill('SIGKILL');
    const killed = await askUntil(check, ({ detail }) => detail === 'refuses connections');
    expect(killed).toMatchObject({ groups: { ready: 'down' }, detail: 'refuses connections' });
    await primary.start();
    expect((await askUntil(check, (result) => !isDown(result))).detail).toBe('takes writes');
  });
});
