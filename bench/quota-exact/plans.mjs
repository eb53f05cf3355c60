import { definePlans } from '../../packages/quota/dist/index.js';

/** A day's limit for what is killed; a minute's, which is the same code, for what goes over the end of a period. */
export const plans = definePlans({
  day: { apiCallsPerDay: 1_000, apiCallsPerMinute: null },
  minute: { apiCallsPerDay: null, apiCallsPerMinute: 1_000 },
});

export const limit = 1_000;
