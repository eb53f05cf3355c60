import { createContext, runWithContext } from '@unite/core/context';
import { currentTraceId } from '@unite/tracing';
import { learnSession } from './request-facts';
import { identityOf, type Session } from './session';

/**
 * Runs work that no request started, as somebody: row-level security, the vault and traces see whom it is for, just as
 * in a request.
 *
 * @param job names it, as a route's template names a request: `job send-campaign`
 */
export function runAs<Result>(
  session: Session,
  { job, signal }: { readonly job: string; readonly signal: AbortSignal },
  work: () => Result,
): Result {
  const context = createContext({ ...identityOf(session), route: job, traceId: currentTraceId(), signal });
  return runWithContext(context, () => {
    learnSession(session);
    return work();
  });
}
