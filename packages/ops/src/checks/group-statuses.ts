import type { HealthStatus } from '../health/health-types';
import { worstStatus } from '../health/worst-status';

/** Names of the groups that a database is for. */
export interface DatabaseGroups {
  readonly group: string;
  readonly writeGroup: string;
}

/** Statuses by group; groups with one name have the worst of theirs. */
export function groupStatuses(
  statuses: readonly (readonly [group: string, isUp: boolean])[],
): Readonly<Record<string, HealthStatus>> {
  const groups: Record<string, HealthStatus> = {};
  for (const [group, isUp] of statuses) {
    groups[group] = worstStatus([groups[group] ?? 'up', isUp ? 'up' : 'down']);
  }
  return groups;
}
