import { setTimeout as sleep } from 'node:timers/promises';
import { createContext, runWithContext } from '@unite/core/context';
import type pg from 'pg';
import { type Cluster, CommitUnknownError, DatabaseError } from '../../../src';
import type { LedgerEntry } from './ledger';

/** Options of {@link startLoad}. */
export interface LoadOptions {
  /** Requests that write by an idempotent transaction and read what they wrote, at a time. @default 4 */
  readonly keyedWriters?: number;
  /** Requests that write by one plain statement, at a time. @default 2 */
  readonly plainWriters?: number;
  /** Requests that read from any replica, at a time. @default 4 */
  readonly readers?: number;
  /** Pause of each between two requests, in milliseconds. @default 5 */
  readonly pauseMs?: number;
}

/** One read, and who answered. */
export interface ReadEntry {
  /** `session` reads what its request wrote just before, `eventual` takes any replica. */
  readonly consistency: 'session' | 'eventual';
  readonly port: number;
  readonly isReplica: boolean;
  readonly endedAtMs: number;
  readonly tookMs: number;
}

/** A load that goes on until it is stopped or the cluster is closed. What it saw can be read meanwhile. */
export interface Load {
  readonly writes: readonly LedgerEntry[];
  readonly reads: readonly ReadEntry[];
  /** Writes that the server with this port took and that were acknowledged, in order of their ends. */
  acknowledgedBy(port: number): readonly LedgerEntry[];
  /** Reads that failed. */
  readonly failedReads: readonly unknown[];
  /** Reads after a write of the same request that did not show it. */
  readonly staleReads: number;
  /** Errors of writes that are not the cluster's own, which no write of the load can deserve. */
  readonly strangeErrors: readonly unknown[];
  /** Lets what is under way finish. */
  stop(): Promise<void>;
}

/** Starts to write into the ledger and to read from it. */
export function startLoad(db: Cluster<pg.Pool>, options: LoadOptions = {}): Load {
  const { keyedWriters = 4, plainWriters = 2, readers = 4, pauseMs = 5 } = options;
  const writes: LedgerEntry[] = [];
  const reads: ReadEntry[] = [];
  const failedReads: unknown[] = [];
  const strangeErrors: unknown[] = [];
  const run = crypto.randomUUID().slice(0, 8);
  let staleReads = 0;
  let counter = 0;
  let isStopped = false;

  const write = async (kind: LedgerEntry['kind']): Promise<void> => {
    counter += 1;
    const id = `${run}-${kind}-${counter}`;
    const startedAtMs = performance.now();
    const note = (outcome: LedgerEntry['outcome'], more: { port?: number; code?: string }): void => {
      const { port, code } = more;
      writes.push({ id, kind, outcome, startedAtMs, endedAtMs: performance.now(), port, code });
    };
    try {
      note('acknowledged', { port: await (kind === 'keyed' ? writeKeyed(db, id) : writePlainly(db, id)) });
    } catch (error) {
      if (CommitUnknownError.isInstance(error)) note('unknown', { code: error.code });
      else if (DatabaseError.isInstance(error)) note('refused', { code: error.code });
      else {
        note('unknown', {});
        strangeErrors.push(error);
      }
      return;
    }
    const rows = await read('session', () =>
      db.readOnly().query<Answer>(`SELECT count(*)::int AS seen, ${who} FROM ledger WHERE id = $1`, [id]),
    );
    if (rows?.[0]?.seen === 0) staleReads += 1;
  };

  const read = async (
    consistency: ReadEntry['consistency'],
    ask: () => Promise<{ rows: Answer[] }>,
  ): Promise<Answer[] | undefined> => {
    const startedAtMs = performance.now();
    try {
      const { rows } = await ask();
      const endedAtMs = performance.now();
      for (const { port, replica } of rows)
        reads.push({ consistency, port, isReplica: replica, endedAtMs, tookMs: endedAtMs - startedAtMs });
      return rows;
    } catch (error) {
      failedReads.push(error);
      // A test that failed closes the cluster and forgets the load.
      isStopped ||= DatabaseError.isInstance(error) && error.code === 'UNITE_DB_CLOSED';
      return undefined;
    }
  };

  const repeat = async (work: () => Promise<unknown>): Promise<void> => {
    while (!isStopped) {
      await runWithContext(createContext(), work);
      await sleep(pauseMs);
    }
  };
  const readAny = () =>
    read('eventual', () =>
      db.readOnly({ consistency: 'eventual' }).query<Answer>(`SELECT 1 AS seen, ${who}`),
    );

  const running = [
    ...Array.from({ length: keyedWriters }, () => repeat(() => write('keyed'))),
    ...Array.from({ length: plainWriters }, () => repeat(() => write('plain'))),
    ...Array.from({ length: readers }, () => repeat(readAny)),
  ];
  return {
    writes,
    reads,
    acknowledgedBy: (port) => writes.filter((write) => write.port === port),
    failedReads,
    get staleReads() {
      return staleReads;
    },
    strangeErrors,
    stop: async () => {
      isStopped = true;
      await Promise.all(running);
    },
  };
}

/** The server's own word on which one it is, whatever stands in between. */
const who = 'inet_server_port() AS port, pg_is_in_recovery() AS replica';

interface Answer {
  readonly seen: number;
  readonly port: number;
  readonly replica: boolean;
}

const insert = 'INSERT INTO ledger VALUES ($1, inet_server_port()) RETURNING port';

/** Writes a row into the ledger, once for each id. @returns the port of the server that took it */
export function writeKeyed(db: Cluster<pg.Pool>, id: string): Promise<number> {
  return db.transaction(
    async (tx) => {
      const { rows } = await tx.query<{ port: number }>(insert, [id]);
      return rows[0]?.port ?? 0;
    },
    { idempotencyKey: id },
  );
}

async function writePlainly(db: Cluster<pg.Pool>, id: string): Promise<number> {
  const { rows } = await db.query<{ port: number }>(insert, [id]);
  return rows[0]?.port ?? 0;
}
