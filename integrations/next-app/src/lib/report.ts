import { currentContext } from '@unite/core/context';
import { processId } from './unite';

/** What a route or page sees of its request, for the test to read. */
export function report() {
  const { requestId, tenantId, userId, plan, route, deadlineAtMs, release } = currentContext() ?? {};
  return {
    requestId,
    tenantId,
    userId,
    plan,
    route,
    hasDeadline: deadlineAtMs !== undefined,
    release,
    processId,
  };
}
