import type { HealthStatus } from './health-types';

const order: readonly HealthStatus[] = ['up', 'degraded', 'down'];

/** The worst of several; `up` of none. */
export function worstStatus(statuses: Iterable<HealthStatus>): HealthStatus {
  let worst = 0;
  for (const status of statuses) worst = Math.max(worst, order.indexOf(status));
  return order[worst] as HealthStatus;
}

export function isHealthStatus(value: unknown): value is HealthStatus {
  return order.includes(value as HealthStatus);
}
