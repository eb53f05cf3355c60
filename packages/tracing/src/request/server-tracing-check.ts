import { expects } from '@unite/shared';

/** The check of the option that every adapter needs. */
export const serverTracingCheck = expects(
  'what startTracing returned',
  (value) => typeof value === 'object' && value !== null && 'tracer' in value && 'propagation' in value,
);
