import { expects } from '@unite/shared';
import { QuotaError } from '../errors';

/** What to do with a refusal. */
export type OnRefused =
  /** Answer it here, as a problem document. */
  | 'respond'
  /** Throw it, for what stands outside: `withProblems` of `@unite/problem`. */
  | 'throw';

/** The check of the option. */
export const checkWay = {
  onRefused: expects("'respond' or 'throw'", (value) => value === 'respond' || value === 'throw'),
};

/**
 * Answers a refusal, an outage or bad input of a client with a problem document (RFC 9457 §3).
 *
 * @throws the error itself, where it is to be thrown or says that the application is wrong
 */
export function problemResponse(error: unknown, onRefused: OnRefused): Response {
  if (onRefused === 'throw' || !QuotaError.isInstance(error) || error.status === 500) throw error;
  const { headers, extensions, ...members } = error.problem;
  return new Response(JSON.stringify({ ...extensions, ...members }), {
    status: members.status,
    headers: { ...headers, 'Content-Type': 'application/problem+json' },
  });
}
