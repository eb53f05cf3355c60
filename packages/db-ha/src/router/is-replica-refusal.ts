import { objectOf } from './tree';

/**
 * Whether a replica refused what the primary may well do: the text hid a write (25006, a view that calls a
 * function), a question only a primary answers (55000, "recovery is in progress"), or an unlogged table,
 * which is never replicated (0A000, told apart from others of that code by where the server raised it).
 *
 * A statement that failed had no effect, so it can be sent again.
 *
 * @see https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
export function isReplicaRefusal(error: unknown): boolean {
  const { code, routine } = objectOf(error);
  return code === '25006' || code === '55000' || (code === '0A000' && routine === 'get_relation_info');
}
