import { setTimeout as sleep } from 'node:timers/promises';
import { createContext, runWithContext } from '@unite/core/context';
import type { PostgresNode } from '@unite/services';
import { ask, type Lab } from './lab';

/** What many reads of own writes showed. */
export interface ReadYourWritesFigures {
  readonly pairs: number;
  readonly stale: number;
  readonly fromReplicas: number;
  readonly fromPrimary: number;
  /** How often replay was paused meanwhile. */
  readonly pauses: number;
}

/**
 * Pairs of a write and a read of the same session, many at a time, while the replay of the replicas is paused
 * and resumed at random.
 */
export async function readYourWrites(lab: Lab, pairs: number, atATime = 24): Promise<ReadYourWritesFigures> {
  const { db, replicas } = lab;
  await db.query('CREATE TABLE IF NOT EXISTS pairs (id int PRIMARY KEY, value int NOT NULL)');
  const before = db.status().counts;
  let next = 0;
  let stale = 0;

  const pair = async (id: number): Promise<void> => {
    const text =
      'INSERT INTO pairs VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET value = pairs.value + 1 RETURNING value';
    // One in three in a transaction, one in three on a borrowed client, as applications mix them.
    const written = await [
      () => db.query<{ value: number }>(text, [id]),
      () => db.transaction((tx) => tx.query<{ value: number }>(text, [id])),
      async () => {
        const client = await db.connect();
        try {
          return await client.query<{ value: number }>(text, [id]);
        } finally {
          client.release();
        }
      },
    ][id % 3]?.();
    const read = await db.readOnly().query<{ value: number }>('SELECT value FROM pairs WHERE id = $1', [id]);
    if (read.rows[0]?.value !== written?.rows[0]?.value) stale += 1;
  };
  const worker = async (): Promise<void> => {
    while (next < pairs) {
      const id = next++;
      await runWithContext(createContext(), () => pair(id));
    }
  };

  const stop = new AbortController();
  const pausing = Promise.all(replicas.map((replica) => pauseReplay(replica, stop.signal)));
  await Promise.all(Array.from({ length: atATime }, worker));
  stop.abort();
  const pauses = (await pausing).reduce((sum, count) => sum + count, 0);
  const after = db.status().counts;
  return {
    pairs,
    stale,
    fromReplicas: after.replicaReads - before.replicaReads,
    fromPrimary: after.primaryReads - before.primaryReads,
    pauses,
  };
}

/** Pauses and resumes replay at random until it is told to stop, and leaves it running. */
async function pauseReplay(replica: PostgresNode, signal: AbortSignal): Promise<number> {
  let pauses = 0;
  while (!signal.aborted) {
    await ask(replica, 'SELECT pg_wal_replay_pause()');
    pauses += 1;
    await sleep(Math.random() * 100);
    await ask(replica, 'SELECT pg_wal_replay_resume()');
    await sleep(Math.random() * 100);
  }
  return pauses;
}

/** 95th percentiles of a read that needs a position its replica is known to have, and of one that needs none. */
export async function waitOfKnownPosition(
  { db }: Lab,
  reads: number,
): Promise<{ knownMs: number; freeMs: number }> {
  const known: number[] = [];
  const free: number[] = [];
  await runWithContext(createContext(), async () => {
    await db.transaction((tx) => tx.query('INSERT INTO pairs VALUES (-1, 1) ON CONFLICT DO NOTHING'));
    for (let read = 0; read < reads; read++) {
      known.push(await timed(() => db.readOnly().query('SELECT 1')));
      free.push(await timed(() => db.readOnly({ consistency: 'eventual' }).query('SELECT 1')));
    }
  });
  const p95 = (values: number[]) =>
    values.sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN;
  return { knownMs: p95(known), freeMs: p95(free) };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}
