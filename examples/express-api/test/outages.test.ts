import { afterEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { api } from '../../crm/test/support/api';
import { drill } from '../../crm/test/support/drill';
import { startCopy } from './support/start-copy';

const list = '/api/v1/contacts';
const env = JSON.parse(process.env.TEST_ENV ?? '{}') as Record<string, string>;
const withRedis = env.REDIS_URL ? test : test.skip;

/** Pages that nobody has asked for before: what the cache has not. */
let page = 0;
const fresh = () => `${list}?pageSize=2&page=${++page}`;

describe('servers that fail', () => {
  afterEach(async () => {
    await drill('replica_1', 'start');
    if (env.REDIS_URL) await drill('redis', 'SIGCONT');
  });

  test('a replica is killed while it is read from, and every read is answered', async () => {
    const reads = Array.from({ length: 8 }, () => api(fresh()));
    await drill('replica_1', 'SIGKILL');
    const after = Array.from({ length: 8 }, () => api(fresh()));
    const failed = (await Promise.all([...reads, ...after])).filter(({ status }) => status !== 200);
    expect(failed.map(({ text }) => text)).toEqual([]);
  });

  withRedis('Redis hangs: reads go on, and are counted by each process alone (needs Redis)', async () => {
    await drill('redis', 'SIGSTOP');
    const answers = [await api(fresh()), await api(fresh())];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    // One who writes waits no longer than it takes to notice.
    const email = `${crypto.randomUUID()}@made.example`;
    expect((await api(list, { method: 'POST', json: { email } })).status).toBe(201);
    expect((await api('/health/ready')).status).toBe(200);
  });
});

describe('SIGTERM', () => {
  test('requests go on until the grace is over, streams end, and it exits with 0', async () => {
    const { child, exited, origin, output } = await startCopy({ READINESS_GRACE_MS: '2000' });
    const stream = await fetch(`${origin}/api/v1/usage`, { headers: { accept: 'text/event-stream' } });
    child.kill('SIGTERM');
    const options = { origin, workspace: 'meridian' };
    let ready = await api('/health/ready', { origin });
    const answered: number[] = [];
    while (ready.status === 200) ready = await api('/health/ready', { origin });
    answered.push(
      ...(await Promise.all([1, 2, 3, 4].map(() => api(list, options)))).map(({ status }) => status),
    );
    expect(answered).toEqual([200, 200, 200, 200]);
    expect((await stream.text()).length).toBeGreaterThan(0);
    expect(await exited).toEqual([0, null]);
    expect(output()).not.toMatch(/error/i);
  });

  test('a write that waits for the database is answered before the process ends', async () => {
    const { child, exited, origin } = await startCopy({ READINESS_GRACE_MS: '0' });
    const client = new pg.Client({ connectionString: env.DATABASE_URL ?? '' });
    await client.connect();
    await client.query('begin; lock table contacts in exclusive mode');
    const email = `${crypto.randomUUID()}@made.example`;
    const writing = api(list, { origin, method: 'POST', json: { email } });
    await untilSomebodyWaits(client);
    child.kill('SIGTERM');
    await untilRefused(origin);
    await client.query('commit');
    await client.end();
    expect((await writing).status).toBe(201);
    expect(await exited).toEqual([0, null]);
  });
});

async function untilSomebodyWaits(client: pg.Client): Promise<void> {
  const waiting = `select from pg_locks where not granted and relation = 'contacts'::regclass`;
  while ((await client.query(waiting)).rowCount === 0);
}

/** It takes no more connections: it drains. */
async function untilRefused(origin: string): Promise<void> {
  while (
    await fetch(`${origin}/health/live`).then(
      () => true,
      () => false,
    )
  );
}
