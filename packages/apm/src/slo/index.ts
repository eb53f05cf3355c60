export { bucketsFor } from './buckets-for';
export { createSloTracker, type SloTracker } from './create-slo-tracker';
export { slo } from './slo';
export type * from './slo-types';
