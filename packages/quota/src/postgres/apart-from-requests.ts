import { createContext, runWithContext } from '@unite/core/context';
import { surviveBreaks } from '@unite/shared';
import type { PgClientLike, PgPoolLike } from './postgres-types';

/**
 * A pool whose work belongs to no request: several write together what they used, and neither the deadline of one of
 * them nor what it may read or has written is the others'. A plain pool knows nothing of requests; a cluster of
 * `@unite/db-ha` does.
 */
export function apartFromRequests(pool: PgPoolLike): PgPoolLike {
  surviveBreaks(pool);
  return { connect: async () => apart(await outside(() => pool.connect())) };
}

function apart(client: PgClientLike): PgClientLike {
  return {
    query: (text, values) => outside(() => client.query(text, values)),
    on: (event, listener) => client.on(event, listener),
    off: (event, listener) => client.off(event, listener),
    release: (error) => client.release(error),
  };
}

function outside<Result>(work: () => Result): Result {
  return runWithContext(createContext(), work);
}
