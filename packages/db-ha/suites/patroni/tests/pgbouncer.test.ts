import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createContext, runWithContext } from '@unite/core/context';
import type pg from 'pg';
import type { Cluster } from '../../../src';
import { expectHonest } from '../harness/expect-honest';
import { figures } from '../harness/figures';
import { figuresOf, firstWriteAtMs, writesBegunAfter } from '../harness/load-figures';
import { openCluster } from '../harness/open-cluster';
import { startLoad } from '../harness/start-load';
import { type PatroniCluster, startPatroni } from '../harness/start-patroni';
import { type Pgbouncer, startPgbouncer } from '../harness/start-pgbouncer';
import { superuserQuery } from '../harness/superuser-query';
import { waitUntil } from '../harness/wait-until';

let patroni: PatroniCluster;
let db: Cluster<pg.Pool>;
const bouncers: Pgbouncer[] = [];

beforeAll(async () => {
  patroni = await startPatroni();
  for (const { url } of patroni.members) bouncers.push(await startPgbouncer({ url }));
  db = await openCluster(
    patroni.members.map(({ name }, index) => ({
      name,
      url: bouncers[index]?.url ?? '',
      pooler: 'transaction' as const,
    })),
  );
});
afterAll(async () => {
  await db?.close();
  await Promise.all(bouncers.map((bouncer) => bouncer.close()));
  await patroni?.close();
});

it('finds the roles behind PgBouncer', async () => {
  const { nodes, primary } = db.status();
  expect(primary).toBe((await patroni.leader()).name);
  expect(nodes.map(({ role }) => role).sort()).toEqual(['primary', 'replica', 'replica']);
});

it('shows a request what it wrote, a thousand times', async () => {
  let stale = 0;
  let byReplicas = 0;
  await Promise.all(
    Array.from({ length: 4 }, async (_, worker) => {
      for (let count = 0; count < 250; count += 1) {
        await runWithContext(createContext(), async () => {
          const id = `read-${worker}-${count}`;
          await db.query('INSERT INTO ledger VALUES ($1, 0)', [id]);
          const { rows } = await db
            .readOnly()
            .query('SELECT pg_is_in_recovery() AS replica FROM ledger WHERE id = $1', [id]);
          if (rows.length === 0) stale += 1;
          if (rows[0]?.replica) byReplicas += 1;
        });
      }
    }),
  );
  figures('read your writes through PgBouncer', { pairs: 1_000, stale, byReplicas });
  expect(stale).toBe(0);
  expect(byReplicas).toBeGreaterThan(0);
});

it('rolls back what a transaction throws in, and leaves no setting behind for the next client', async () => {
  const thrown = new Error('changed my mind');
  await expect(
    db.transaction(
      async (tx) => {
        await tx.query("INSERT INTO ledger VALUES ('thrown', 0)");
        throw thrown;
      },
      { isolation: 'serializable' },
    ),
  ).rejects.toBe(thrown);
  await db.readOnly().query('SELECT 1');
  const settings = await Promise.all(
    Array.from({ length: 20 }, () =>
      db.query(
        `SELECT current_setting('default_transaction_read_only') AS read_only,
          current_setting('transaction_isolation') AS isolation,
          (SELECT count(*)::int FROM ledger WHERE id = 'thrown') AS found`,
      ),
    ),
  );
  for (const { rows } of settings)
    expect(rows).toEqual([{ read_only: 'off', isolation: 'read committed', found: 0 }]);
});

it('refuses to write through a read-only pool', async () => {
  await expect(db.readOnly().query("INSERT INTO ledger VALUES ('sneaked', 0)")).rejects.toThrow();
  const rows = await superuserQuery(
    await patroni.leader(),
    "SELECT id FROM ledger WHERE id = 'sneaked'",
    'app',
  );
  expect(rows).toEqual([]);
});

it('survives the death of the leader behind it', async () => {
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
  await load.stop();

  const firstWriteMs = firstWriteAtMs(load, member) - atMs;
  const report = await expectHonest(load, member);
  figures('leader killed behind PgBouncer', {
    promotedAfterMs: atMs - killedAtMs,
    firstWriteAfterPromotionMs: firstWriteMs,
    ...figuresOf(load),
    ...report,
  });
  // PgBouncer itself keeps failing for up to a second after the server is back.
  expect(firstWriteMs).toBeLessThan(2_500);
  expect(writesBegunAfter(load, old, atMs)).toBe(0);
});
