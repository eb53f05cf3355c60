import type { ClusterStatus } from '@unite/db-ha';

/** The cluster as this process sees it, and when it did. */
export interface ClusterReport {
  /** Server's time, in milliseconds since the epoch. */
  readonly atMs: number;
  readonly cluster: ClusterStatus;
}
