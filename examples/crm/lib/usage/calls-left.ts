import { currentContext } from '@unite/core/context';
import { once } from '@unite/core/once';
import { cache, quota } from '../unite';
import type { CallsLeft } from './calls-left-from';

/** A page says it if that is known at once. */
const patienceMs = 150;
const freshMs = 1_000;

/** For what no API call was made, whose answer would tell it. Nothing where there is no limit, or it is not known. */
export async function callsLeft(): Promise<CallsLeft | undefined> {
  const tenantId = currentContext()?.tenantId;
  if (tenantId === undefined) return undefined;
  const known = once('crm.cache.calls-left', () =>
    cache.define('calls-left', {
      scope: 'tenant',
      key: (_tenant: { readonly tenantId: string }) => [],
      memoryTtlMs: freshMs,
      remoteTtlMs: freshMs,
      load: async ({ tenantId }): Promise<CallsLeft | null> => {
        const { limits } = await quota.usage(tenantId);
        const calls = limits.find(({ name }) => name === 'apiCallsPerDay');
        if (!calls || calls.limit === null || calls.remaining === null) return null;
        return { limit: calls.limit, remaining: calls.remaining };
      },
    }),
  );
  const late = new Promise<null>((resolve) => setTimeout(resolve, patienceMs, null).unref());
  return (await Promise.race([known.get({ tenantId }).catch(() => null), late])) ?? undefined;
}
