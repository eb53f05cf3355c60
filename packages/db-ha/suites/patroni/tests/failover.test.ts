import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type pg from 'pg';
import { type Cluster, DatabaseError } from '../../../src';
import { expectHonest } from '../harness/expect-honest';
import { figures } from '../harness/figures';
import { figuresOf, firstWriteAtMs, slowestReadMs, writesBegunAfter } from '../harness/load-figures';
import { openCluster } from '../harness/open-cluster';
import type { PatroniMember } from '../harness/patroni-member';
import { startLoad } from '../harness/start-load';
import { type PatroniCluster, startPatroni } from '../harness/start-patroni';
import { superuserQuery } from '../harness/superuser-query';
import { waitUntil } from '../harness/wait-until';

let patroni: PatroniCluster;
let db: Cluster<pg.Pool>;

beforeAll(async () => {
  patroni = await startPatroni();
});
afterAll(() => patroni?.close());

beforeEach(async () => {
  await patroni.settled();
  db = await openCluster(patroni.members.map(({ name, url }) => ({ name, url })));
});
afterEach(async () => {
  await db.close();
});

it('finds the roles, writes to the leader and reads from both replicas', async () => {
  const leader = await patroni.leader();
  const load = startLoad(db);
  await waitUntil(() => load.writes.length > 200 && load.reads.length > 400, { what: 'the load runs' });
  await load.stop();

  expect(db.status().primary).toBe(leader.name);
  expect(new Set(load.writes.map(({ port }) => port))).toEqual(new Set([leader.port]));
  const readFrom = new Set(load.reads.filter(({ isReplica }) => isReplica).map(({ port }) => port));
  expect(readFrom).toEqual(new Set(replicasOf(leader).map(({ port }) => port)));
  await expectHonest(load, await patroni.leader());
});

it('survives the death of the leader', async () => {
  const old = await patroni.leader();
  const load = startLoad(db);
  await waitUntil(() => load.writes.length > 200, { what: 'the load runs' });

  await old.kill('SIGKILL');
  const killedAtMs = performance.now();
  const { member, atMs } = await patroni.promotion(old);
  await waitUntil(() => load.acknowledgedBy(member.port).length > 200, { what: 'writes go on' });
  old.start();
  const restartedAtMs = performance.now();
  await patroni.settled();
  await waitUntil(() => load.reads.some((read) => read.port === old.port && read.endedAtMs > restartedAtMs), {
    what: 'the old leader takes reads again',
    timeoutMs: 30_000,
  });
  const rejoinedAtMs = performance.now();
  await load.stop();

  const firstWriteMs = firstWriteAtMs(load, member) - atMs;
  const report = await expectHonest(load, await patroni.leader());
  figures('leader killed', {
    promotedAfterMs: atMs - killedAtMs,
    firstWriteAfterPromotionMs: firstWriteMs,
    readsAgainAfterMs: rejoinedAtMs - restartedAtMs,
    ...figuresOf(load),
    ...report,
  });
  expect(firstWriteMs).toBeLessThan(1_000);
  // Replicas answer all the while. One that misses the request's own write cannot, and waits for a leader.
  expect(slowestReadMs(load, 'eventual')).toBeLessThan(1_500);
  expect(writesBegunAfter(load, old, atMs)).toBe(0);
  expect(
    load.reads.filter((read) => read.port === old.port && !read.isReplica && read.endedAtMs > atMs),
  ).toEqual([]);
});

it('says of a write whose commit was cut off that its outcome is unknown, unless it has a key', async () => {
  const old = await patroni.leader();
  const plainWriters = 5;
  const load = startLoad(db, { plainWriters });
  await waitUntil(() => load.writes.length > 200, { what: 'the load runs' });

  // Every commit now waits for a replica, and its leader dies meanwhile.
  for (const replica of replicasOf(old)) await replica.kill('SIGSTOP');
  await waitUntil(() => commitsWaitingOn(old, plainWriters), { what: 'commits wait for a replica' });
  await old.kill('SIGKILL');
  for (const replica of replicasOf(old)) await replica.kill('SIGCONT');
  const { member, atMs } = await patroni.promotion(old);
  await waitUntil(() => load.acknowledgedBy(member.port).length > 200, { what: 'writes go on' });
  old.start();
  await patroni.settled();
  await load.stop();

  const report = await expectHonest(load, member);
  figures('commits cut off', {
    firstWriteAfterPromotionMs: firstWriteAtMs(load, member) - atMs,
    ...figuresOf(load),
    ...report,
  });
  const unknown = load.writes.filter(({ outcome }) => outcome === 'unknown');
  expect(unknown.map(({ kind }) => kind)).toEqual(Array.from({ length: plainWriters }, () => 'plain'));
});

it('follows a planned switchover', async () => {
  const old = await patroni.leader();
  const load = startLoad(db);
  await waitUntil(() => load.writes.length > 200, { what: 'the load runs' });

  const [candidate, { member, atMs }] = await Promise.all([patroni.switchover(), patroni.promotion(old)]);
  await waitUntil(() => load.acknowledgedBy(member.port).length > 200, { what: 'writes go on' });
  await patroni.settled();
  await waitUntil(() => load.reads.some((read) => read.port === old.port && read.endedAtMs > atMs), {
    what: 'the old leader takes reads',
    timeoutMs: 30_000,
  });
  await load.stop();

  expect(member).toBe(candidate);
  const firstWriteMs = firstWriteAtMs(load, member) - atMs;
  const lastWriteAtMs = load.acknowledgedBy(old.port).at(-1)?.endedAtMs ?? Number.NaN;
  const report = await expectHonest(load, await patroni.leader());
  figures('switchover', {
    firstWriteAfterPromotionMs: firstWriteMs,
    withoutWritesMs: firstWriteAtMs(load, member) - lastWriteAtMs,
    ...figuresOf(load),
    ...report,
  });
  expect(firstWriteMs).toBeLessThan(1_000);
  // Replicas answer all the while. One that misses the request's own write cannot, and waits for a leader.
  expect(slowestReadMs(load, 'eventual')).toBeLessThan(1_500);
  expect(writesBegunAfter(load, old, atMs)).toBe(0);
});

it('leaves a leader that Patroni no longer watches, once another is promoted', async () => {
  const old = await patroni.leader();
  await db.close();
  db = await openCluster(
    patroni.members.map(({ name, url }) => ({ name, url })),
    { healthCheckEveryMs: 1_000 },
  );
  const load = startLoad(db);
  await waitUntil(() => load.writes.length > 200, { what: 'the load runs' });

  // PostgreSQL goes on as a primary, with nobody to demote it: two servers that both take writes.
  old.killPatroni('SIGKILL');
  const { member, atMs } = await patroni.promotion(old);
  await waitUntil(() => load.acknowledgedBy(member.port).length > 200, { what: 'writes go on' });
  const [row] = await superuserQuery<{ recovery: boolean }>(old, 'SELECT pg_is_in_recovery() AS recovery');
  expect(row?.recovery).toBe(false);
  const { state } = db.status().nodes.find(({ name }) => name === old.name) ?? {};
  expect(state).toBe('fenced');

  const oldWrites = writesBegunAfter(load, old, firstWriteAtMs(load, member));
  old.start();
  await patroni.settled();
  await load.stop();
  const firstWriteMs = firstWriteAtMs(load, member) - atMs;
  const report = await expectHonest(load, await patroni.leader());
  figures('two primaries', { firstWriteAfterPromotionMs: firstWriteMs, ...figuresOf(load), ...report });
  expect(oldWrites).toBe(0);
  expect(firstWriteMs).toBeLessThan(3_000);
});

it('refuses writes in time and goes on reading while etcd is gone, and writes when it is back', async () => {
  const load = startLoad(db, { keyedWriters: 0, plainWriters: 0, readers: 4 });
  await patroni.etcd.stop();
  await patroni.noPrimary();

  const errors: unknown[] = [];
  let slowestMs = 0;
  for (let count = 0; count < 5; count += 1) {
    const startedAtMs = performance.now();
    await db
      .transaction((tx) => tx.query("INSERT INTO ledger VALUES ('refused', 0)"), { timeoutMs: 1_000 })
      .catch((error) => errors.push(error));
    slowestMs = Math.max(slowestMs, performance.now() - startedAtMs);
  }
  expect(errors.every(DatabaseError.isInstance)).toBe(true);
  const codes = errors.map((error) => (error as DatabaseError).code);
  expect(codes.every((code) => /_(NO_PRIMARY|DEADLINE_EXCEEDED)$/.test(code))).toBe(true);
  expect(codes).toHaveLength(5);
  expect(slowestMs).toBeLessThan(1_500);
  const seen = load.reads.length;
  await waitUntil(() => load.reads.length > seen + 200, { what: 'reads go on', timeoutMs: 10_000 });

  // This one is patient.
  const write = db.query("INSERT INTO ledger VALUES ('waited', 0)");
  await patroni.etcd.start();
  await write;
  await load.stop();
  const rows = await superuserQuery(await patroni.leader(), 'SELECT id FROM ledger', 'app');
  figures('etcd gone', { slowestRefusalMs: slowestMs, code: codes[0] ?? '', ...figuresOf(load) });
  expect(rows).toEqual([{ id: 'waited' }]);
  expect(load.failedReads).toEqual([]);
});

async function commitsWaitingOn(leader: PatroniMember, count: number): Promise<boolean> {
  const rows = await superuserQuery<{ query: string }>(
    leader,
    "SELECT query FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query LIKE 'INSERT%'",
  );
  return rows.length >= count;
}

function replicasOf(leader: unknown) {
  return patroni.members.filter((member) => member !== leader);
}
