import { createContext, runWithContext } from '@unite/core/context';
import { surviveBreaks } from '@unite/shared';
import { beforeAbort } from '../before-abort';
import type { PgClientLike, PgPoolLike } from './postgres-types';
import { isStatementError } from './store-error';

const title = 'The key store';

/**
 * Borrows a connection for `work`, until the signal aborts and no longer. One that broke, or that is not done in time,
 * is closed: it would be taken for good by the next.
 *
 * Keys belong to no request: a cluster of `@unite/db-ha` would end the work with the request's time, or read them from
 * a replica that does not have them yet.
 */
export async function lendClient<Result>(
  pool: PgPoolLike,
  signal: AbortSignal,
  work: (client: PgClientLike) => Promise<Result>,
): Promise<Result> {
  return lend(await connect(pool, signal), signal, work);
}

async function connect(pool: PgPoolLike, signal: AbortSignal): Promise<PgClientLike> {
  surviveBreaks(pool);
  let connecting: Promise<PgClientLike> | undefined;
  try {
    return await beforeAbort(() => (connecting = outside(() => pool.connect())), signal, title);
  } catch (error) {
    // It may be given one yet.
    connecting?.then(
      (client) => client.release(),
      () => undefined,
    );
    throw error;
  }
}

async function lend<Result>(
  client: PgClientLike,
  signal: AbortSignal,
  work: (client: PgClientLike) => Promise<Result>,
): Promise<Result> {
  let broken: Error | undefined;
  client.on('error', ignore);
  try {
    return await beforeAbort(() => outside(() => work(client)), signal, title);
  } catch (error) {
    if (!isStatementError(error)) broken = error instanceof Error ? error : new Error('broken');
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
}

function outside<Result>(work: () => Result): Result {
  return runWithContext(createContext(), work);
}

/** A connection that breaks while nothing is asked would end the process; the next statement tells it too. */
function ignore(): void {}
