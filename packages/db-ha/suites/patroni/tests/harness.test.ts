import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { figures } from '../harness/figures';
import { lowestTtlOfPatroni4, timing } from '../harness/patroni-config';
import { type PatroniCluster, startPatroni } from '../harness/start-patroni';
import { startPgbouncer } from '../harness/start-pgbouncer';
import { superuserQuery } from '../harness/superuser-query';

/** The ground that the other tests stand on: Patroni itself, without a cluster of ours. */
let patroni: PatroniCluster;

beforeAll(async () => {
  patroni = await startPatroni();
});
afterAll(() => patroni?.close());

it('promotes the synchronous replica within the time to live, and rewinds the old leader', async () => {
  const old = await patroni.leader();
  const replicas = patroni.members.filter((member) => member !== old);
  await superuserQuery(old, 'CREATE TABLE kept (id int)');
  await superuserQuery(old, 'INSERT INTO kept SELECT generate_series(1, 1000)');

  // A row that only the leader has, which is what makes rewinding necessary.
  old.killPatroni('SIGSTOP');
  for (const replica of replicas) await replica.kill('SIGSTOP');
  await superuserQuery(old, 'SELECT pg_terminate_backend(pid) FROM pg_stat_replication');
  await superuserQuery(old, 'SET synchronous_commit = local; INSERT INTO kept VALUES (0)');
  const killedAtMs = performance.now();
  await old.kill('SIGKILL');
  for (const replica of replicas) await replica.kill('SIGCONT');

  const { member, atMs } = await patroni.promotion(old);
  expect(await old.report()).toBeUndefined();
  // Noticed one round late at worst, and then there is an election.
  const ttl = Math.max(timing.ttl, lowestTtlOfPatroni4);
  expect(atMs - killedAtMs).toBeLessThan((ttl + 2 * timing.loop_wait + 3) * 1_000);

  old.start();
  const startedAtMs = performance.now();
  await patroni.settled();
  expect((await old.report())?.role).toBe('replica');
  expect(old.log()).toContain('running pg_rewind');
  const [row] = await superuserQuery(old, 'SELECT count(*)::int AS count, min(id) FROM kept');
  expect(row).toEqual({ count: 1000, min: 1 });
  figures('leader killed', {
    promotedAfterMs: atMs - killedAtMs,
    rejoinedAfterMs: performance.now() - startedAtMs,
    leader: member.name,
  });
});

it('hands over on request', async () => {
  const old = await patroni.leader();
  const startedAtMs = performance.now();
  const candidate = await patroni.switchover();
  await patroni.promotion(old);
  figures('switchover', { promotedAfterMs: performance.now() - startedAtMs });
  expect(await patroni.leader()).toBe(candidate);
  await patroni.settled();
});

it('demotes the leader when etcd is gone, and promotes again when it is back', async () => {
  const stoppedAtMs = performance.now();
  await patroni.etcd.stop();
  await patroni.noPrimary();
  figures('etcd stopped', { demotedAfterMs: performance.now() - stoppedAtMs });
  await patroni.etcd.start();
  await patroni.settled();
});

it('takes in a member that was not there before', async () => {
  const member = await patroni.addMember();
  expect((await member.report())?.role).toBe('replica');
});

it('puts a PgBouncer before a member', async () => {
  const leader = await patroni.leader();
  const bouncer = await startPgbouncer({ url: leader.url });
  const client = new pg.Client({ connectionString: bouncer.url });
  try {
    await client.connect();
    const { rows } = await client.query('SELECT inet_server_port() AS port, current_user AS role');
    expect(rows).toEqual([{ port: leader.port, role: 'app' }]);
  } finally {
    await client.end();
    await bouncer.close();
  }
});
