import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type pg from 'pg';
import type { Cluster } from '../../../src';
import { patroniNodes } from '../../../src/patroni';
import { expectHonest } from '../harness/expect-honest';
import { figures } from '../harness/figures';
import { figuresOf, firstWriteAtMs } from '../harness/load-figures';
import { openCluster } from '../harness/open-cluster';
import { startLoad } from '../harness/start-load';
import { type PatroniCluster, startPatroni } from '../harness/start-patroni';
import { waitUntil } from '../harness/wait-until';

const healthCheckEveryMs = 1_000;
let patroni: PatroniCluster;
let db: Cluster<pg.Pool>;

beforeAll(async () => {
  patroni = await startPatroni({ members: 2 });
  const [{ url = '' } = {}] = patroni.members;
  db = await openCluster(
    patroniNodes({
      endpoints: patroni.members.map(({ restUrl }) => restUrl),
      url: ({ address }) => Object.assign(new URL(url), { host: address }).href,
    }),
    { healthCheckEveryMs },
  );
});
afterAll(async () => {
  await db?.close();
  await patroni?.close();
});

it('names the members by what Patroni calls them', async () => {
  const { nodes, primary } = db.status();
  expect(nodes.map(({ name }) => name).sort()).toEqual(['member-1', 'member-2']);
  expect(primary).toBe((await patroni.leader()).name);
});

it('reads from a member that was added later, and writes to it when it leads', async () => {
  const load = startLoad(db);
  const added = await patroni.addMember();
  const addedAtMs = performance.now();
  await waitUntil(() => load.reads.some(({ port }) => port === added.port), {
    what: 'the new member takes reads',
    timeoutMs: 30_000,
  });
  const firstReadMs = performance.now() - addedAtMs;

  // Both endpoints that were given go away, one after the other, and the new member is left.
  const leader = await patroni.leader();
  const other = patroni.members.find((member) => member !== leader && member !== added);
  await other?.kill('SIGKILL');
  await waitUntil(() => added.is('sync'), { what: 'the new member may take over' });
  await leader.kill('SIGKILL');
  const killedAtMs = performance.now();
  const { member, atMs } = await patroni.promotion(leader);
  expect(member).toBe(added);
  await waitUntil(() => load.acknowledgedBy(added.port).length > 100, { what: 'writes go on' });
  await load.stop();
  const report = await expectHonest(load, added);
  figures('member added', {
    firstReadMs,
    promotedAfterMs: atMs - killedAtMs,
    firstWriteAfterPromotionMs: firstWriteAtMs(load, added) - atMs,
    ...figuresOf(load),
    ...report,
  });
});
