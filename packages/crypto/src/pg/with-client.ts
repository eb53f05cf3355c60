import { surviveBreaks } from '@unite/shared';
import type { PgClientLike, PgPoolLike, PgQueryable } from './pg-types';

/**
 * Borrows a connection. Neither it nor any statement is waited for longer than `timeoutMs`. A connection that broke,
 * or that did not answer, is closed: the next would take it for good.
 */
export async function withClient<Result>(
  pool: PgPoolLike,
  timeoutMs: number,
  work: (client: PgQueryable) => Promise<Result>,
): Promise<Result> {
  const client = await connect(pool, timeoutMs);
  let broken: Error | undefined;
  client.on('error', ignore);
  try {
    return await work({
      query: async (text, values) => {
        try {
          return await inTime(client.query(text, values), timeoutMs);
        } catch (error) {
          if (stateOf(error) === undefined) broken = new Error('The connection is of no use any more');
          throw error;
        }
      },
    });
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
}

/** A transaction, rolled back where `work` throws. */
export async function inTransaction<Result>(
  client: PgQueryable,
  work: () => Promise<Result>,
): Promise<Result> {
  // Whatever the default is: statements that wait for a lock go on with what was written meanwhile.
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // Where the connection broke, the server rolls back by itself.
    await client.query('ROLLBACK').catch(ignore);
    throw error;
  }
}

/** The SQLSTATE of what the server says about a statement, after which the connection goes on. */
export function stateOf(error: unknown): string | undefined {
  const { severity, code } = (error ?? {}) as { severity?: unknown; code?: unknown };
  return severity === 'ERROR' && typeof code === 'string' ? code : undefined;
}

async function connect(pool: PgPoolLike, timeoutMs: number): Promise<PgClientLike> {
  surviveBreaks(pool);
  const connecting = pool.connect();
  try {
    return await inTime(connecting, timeoutMs);
  } catch (error) {
    connecting.then((client) => client.release(), ignore);
    throw error;
  }
}

async function inTime<Result>(work: Promise<Result>, timeoutMs: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`PostgreSQL did not answer within ${timeoutMs} ms`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A connection that breaks while nothing is asked would end the process; the next statement tells it too. */
function ignore(): void {}
