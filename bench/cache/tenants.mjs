import { LRUCache } from 'lru-cache';
import { createContext, currentContext, runWithContext } from '../../packages/core/dist/context.js';
import { interleaved, loopOf, ratioOf } from '../lib/rounds.mjs';
import { showSamples } from '../lib/show-samples.mjs';
import { short } from '../lib/table.mjs';
import { contact, keyOf } from './contacts.mjs';
import { definitionFor, params } from './memory-hits.mjs';
import { openUnite } from './nodes.mjs';

/**
 * Within a request, whose tenant is part of the key. Where a context is kept every await costs more, of whomever, so
 * this comes last in its process.
 */
export function tenants(report, redisUrl, { rounds, roundMs }) {
  return runWithContext(createContext({ tenantId: 'acme' }), async () => {
    const unite = await openUnite(redisUrl, { namespace: 'tenants' });
    const global = definitionFor(unite.cache, 1);
    const ofTenant = unite.cache.define('contacts-of-tenant', {
      key: ({ workspaceId, page }) => [workspaceId, page],
      scope: 'tenant',
      tags: ({ workspaceId }) => [`contacts-of:${workspaceId}`],
      memoryTtlMs: 600_000,
      load: ({ page }) => contact(page),
    });
    const lru = new LRUCache({ max: 100_000 });
    const tenantKey = (each) => `${currentContext().tenantId}:${keyOf(each)}`;
    for (const each of params) {
      await global.get(each);
      lru.set(tenantKey(each), await ofTenant.get(each));
    }
    const base = 'lru-cache, awaited, tenant in the key';
    const samples = await interleaved(
      {
        [base]: loopOf((each) => lru.get(tenantKey(each)), params),
        '@unite/cache get, scope global': loopOf((each) => global.get(each), params),
        '@unite/cache get, scope tenant': loopOf((each) => ofTenant.get(each), params),
      },
      { rounds, roundMs, clock: 'cpu' },
    );
    await unite.close();
    const [, ...ours] = Object.keys(samples);
    showSamples(report, 'Memory hit within a request, 1 tag', samples, { base, ours, limit: [base] });
    const ratio = ratioOf(samples, '@unite/cache get, scope tenant', base).median;
    report.claim('scope tenant: at most 2× the time of lru-cache with the tenant in its key', ratio <= 2, {
      figure: `${short(ratio)}×`,
    });
  });
}
