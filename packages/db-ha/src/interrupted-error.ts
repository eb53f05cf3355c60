import { DatabaseError } from './errors';
import type { Interrupted } from './operation';

/** What the caller is told of an interruption before which nothing took effect. */
export function interruptedError({ interruption, cause }: Interrupted, what: string): DatabaseError {
  switch (interruption) {
    case 'deadline':
      return new DatabaseError('UNITE_DB_DEADLINE_EXCEEDED', `The time is up: ${what}; nothing took effect`);
    case 'aborted':
      return new DatabaseError('UNITE_DB_ABORTED', `The request was aborted: ${what}; nothing took effect`, {
        cause,
      });
    case 'closed':
      return new DatabaseError('UNITE_DB_CLOSED', `The cluster was closed: ${what}; nothing took effect`);
    default:
      return new DatabaseError(
        'UNITE_DB_CONNECTION_LOST',
        `The server was lost: ${what}; nothing took effect`,
        {
          cause,
        },
      );
  }
}
