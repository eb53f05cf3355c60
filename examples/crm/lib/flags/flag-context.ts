import type { EvaluationContext } from '@openfeature/server-sdk';
import { currentContext } from '@unite/core/context';

/** Whom the current request is for: ids and the plan, nothing that tells who a person is. */
export function flagContext(): EvaluationContext {
  const { tenantId, userId, plan } = currentContext() ?? {};
  if (tenantId === undefined) return {};
  return {
    targetingKey: tenantId,
    tenant: tenantId,
    ...(userId !== undefined && { user: userId }),
    ...(plan !== undefined && { plan }),
  };
}
