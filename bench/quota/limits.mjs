import { definePlans } from '../../packages/quota/dist/index.js';

/** So much that nobody is refused. */
export const plenty = 1_000_000_000;

/** One limit, or four, each with one plan. */
export const plans = {
  one: definePlans({ usual: { apiCallsPerDay: plenty } }),
  four: definePlans({
    usual: {
      apiCallsPerMinute: plenty,
      apiCallsPerHour: plenty,
      apiCallsPerDay: plenty,
      apiCallsPerWeek: plenty,
    },
  }),
};

/**
 * The same windows for the peers, in seconds; theirs begin with the first use. None of a month: RateLimiterMemory ends
 * those at once, since its timer can wait for 24 days at most.
 */
export const durations = { one: [86_400], four: [60, 3_600, 86_400, 604_800] };

export const tenants = Array.from({ length: 1_000 }, (_, index) => `tenant-${index}`);
