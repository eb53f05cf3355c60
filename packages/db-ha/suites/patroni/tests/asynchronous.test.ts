import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type pg from 'pg';
import type { Cluster } from '../../../src';
import { figures } from '../harness/figures';
import { audit } from '../harness/ledger';
import { figuresOf, firstWriteAtMs, writesBegunAfter } from '../harness/load-figures';
import { openCluster } from '../harness/open-cluster';
import { startLoad, writeKeyed } from '../harness/start-load';
import { type PatroniCluster, startPatroni } from '../harness/start-patroni';
import { superuserQuery } from '../harness/superuser-query';
import { waitUntil } from '../harness/wait-until';

let patroni: PatroniCluster;
let db: Cluster<pg.Pool>;

beforeAll(async () => {
  patroni = await startPatroni({ synchronous: false });
  db = await openCluster(patroni.members.map(({ name, url }) => ({ name, url })));
});
afterAll(async () => {
  await db?.close();
  await patroni?.close();
});

it('loses by a failover what no replica had received, which no client can undo, and nothing else', async () => {
  const old = await patroni.leader();
  const replicas = patroni.members.filter((member) => member !== old);
  const load = startLoad(db);
  await waitUntil(() => load.writes.length > 200, { what: 'the load runs' });

  // The leader goes on alone for a moment, and dies with what it has acknowledged since.
  for (const replica of replicas) await replica.kill('SIGSTOP');
  await superuserQuery(old, 'SELECT pg_terminate_backend(pid) FROM pg_stat_replication');
  const aloneSinceMs = performance.now();
  await waitUntil(() => writesBegunAfter(load, old, aloneSinceMs) > 50, { what: 'it goes on alone' });
  await old.kill('SIGKILL');
  for (const replica of replicas) await replica.kill('SIGCONT');
  const { member, atMs } = await patroni.promotion(old);
  await waitUntil(() => load.acknowledgedBy(member.port).length > 200, { what: 'writes go on' });
  old.start();
  await patroni.settled();
  await load.stop();

  const report = await audit(member, load.writes);
  figures('asynchronous leader killed', {
    firstWriteAfterPromotionMs: firstWriteAtMs(load, member) - atMs,
    ...figuresOf(load),
    ...report,
  });
  // That the ledger can see a loss at all is what its zeros elsewhere rest on.
  expect(report.lost).toBeGreaterThan(0);
  expect(report).toMatchObject({ duplicated: 0, undead: 0 });
  expect(load.failedReads).toEqual([]);
  expect(load.strangeErrors).toEqual([]);
  expect(writesBegunAfter(load, old, atMs)).toBe(0);
  const others = load.writes.filter(({ endedAtMs }) => endedAtMs < aloneSinceMs || endedAtMs > atMs);
  expect((await audit(member, others)).lost).toBe(0);

  // A key that was lost with its transaction is free again.
  const lost = load.acknowledgedBy(old.port).findLast(({ kind }) => kind === 'keyed');
  if (!lost) throw new Error('nothing was written to the old leader');
  expect((await audit(member, [lost])).lost).toBe(1);
  await writeKeyed(db, lost.id);
  await writeKeyed(db, lost.id);
  expect(await audit(member, [lost])).toMatchObject({ lost: 0, duplicated: 0 });
});
