import { isStatementError, ledgerError } from './ledger-error';
import type { PgClientLike, PgPoolLike } from './postgres-types';
import { TimeLimit } from './time-limit';

/**
 * Borrows a connection for `work`, for so long and no longer. One that broke, or that is not done in time, is closed:
 * it would be taken for good by the next.
 *
 * @throws QuotaError `UNITE_QUOTA_UNAVAILABLE`, or what `work` throws
 */
export async function withClient<Result>(
  pool: PgPoolLike,
  timeoutMs: number,
  work: (client: PgClientLike) => Promise<Result>,
): Promise<Result> {
  const limit = new TimeLimit(timeoutMs);
  try {
    return await lend(await connect(pool, limit), limit, work);
  } finally {
    limit.end();
  }
}

/**
 * One statement's rows.
 *
 * @throws QuotaError `UNITE_QUOTA_UNAVAILABLE`, whose cause is the driver's error
 */
export async function ask<Row>(
  client: PgClientLike,
  text: string,
  values?: unknown[],
): Promise<readonly Row[]> {
  try {
    const { rows } = await client.query(text, values);
    return rows as readonly Row[];
  } catch (error) {
    throw ledgerError(error);
  }
}

async function connect(pool: PgPoolLike, limit: TimeLimit): Promise<PgClientLike> {
  let isLate = false;
  const connecting = pool.connect();
  connecting.then(
    (client) => isLate && client.release(),
    () => undefined,
  );
  try {
    return await limit.race(connecting);
  } catch (error) {
    isLate = true;
    throw ledgerError(error);
  }
}

async function lend<Result>(
  client: PgClientLike,
  limit: TimeLimit,
  work: (client: PgClientLike) => Promise<Result>,
): Promise<Result> {
  let broken: Error | undefined;
  client.on('error', ignore);
  try {
    return await limit.race(work(client));
  } catch (error) {
    if (!isStatementError(error)) broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
}

/** A connection that breaks while nothing is asked would end the process; the next statement tells it too. */
function ignore(): void {}
