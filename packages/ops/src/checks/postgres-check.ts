import { checkOptions, describeValue } from '@unite/shared';
import type { HealthCheck } from '../health/health-types';
import { clusterLook } from './cluster-look';
import { commonChecks, defineCheck } from './define-check';
import type { DatabaseGroups } from './group-statuses';
import { poolLook } from './pool-look';
import type { ClusterLike, PgPoolLike, PostgresCheckOptions } from './postgres-types';
import { withWriteGrace } from './write-grace';

const postgresChecks = {
  ...commonChecks,
  writeGroup: commonChecks.group,
  writeGraceMs: commonChecks.maxAgeMs,
};

/**
 * Whether PostgreSQL can be read, and written.
 *
 * A cluster of `@unite/db-ha` tells what it knows of its nodes, and its primary answers a query. Without a node that
 * can be read `ready` is down; without a primary `write`; with a replica that is missing `degraded`.
 *
 * A pool of `pg` sends one query. Without an answer `ready` and `write` are down; from a server in recovery, or one
 * that takes no writes, `write`.
 *
 * A query that is not answered is not followed by another one for 30 s.
 *
 * @throws TypeError for what is neither, and for options that are none
 * @example
 * const lifecycle = createLifecycle({ checks: { postgres: postgresCheck(db) } });
 */
export function postgresCheck(db: ClusterLike | PgPoolLike, options: PostgresCheckOptions = {}): HealthCheck {
  checkOptions('postgresCheck', options, postgresChecks);
  const { group = 'ready', writeGroup = 'write', writeGraceMs = 0 } = options;
  const look = lookAt(db, { group, writeGroup });
  return defineCheck(options, writeGraceMs > 0 ? withWriteGrace(look, writeGroup, writeGraceMs) : look);
}

function lookAt(db: ClusterLike | PgPoolLike, groups: DatabaseGroups) {
  if (isCluster(db)) return clusterLook(db, groups);
  if (isPool(db)) return poolLook(db, groups);
  // A URL may have a password.
  const got = typeof db === 'string' ? 'text' : describeValue(db);
  throw new TypeError(
    `postgresCheck: db must be a cluster of @unite/db-ha, with status(), or a pool of pg, with query(), got ${got}`,
  );
}

function isCluster(db: object | undefined | null): db is ClusterLike {
  return typeof (db as Partial<ClusterLike> | undefined | null)?.status === 'function';
}

function isPool(db: object | undefined | null): db is PgPoolLike {
  return typeof (db as Partial<PgPoolLike> | undefined | null)?.query === 'function';
}
