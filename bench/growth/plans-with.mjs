import { definePlans, rateLimit } from '../../packages/quota/dist/index.js';

/** So much that nobody is refused. */
export const plenty = 1_000_000_000;

/** One plan with so many limits, all of which count calls: half of them in calendar periods, as far as there are any. */
export function plansWith(count) {
  const periods = ['Day', 'Hour', 'Minute', 'Month', 'Week', 'Second'].slice(0, Math.ceil(count / 2));
  const quotas = periods.map((period) => [`apiCallsPer${period}`, plenty]);
  const rates = Array.from({ length: count - quotas.length }, (_, at) => [
    `burst${at}`,
    rateLimit({ of: 'apiCalls', limit: plenty, windowMs: 1_000 * (at + 1) }),
  ]);
  return definePlans({ usual: Object.fromEntries([...quotas, ...rates]) });
}
