import { currentContext } from '@unite/core/context';
import { systemClock } from '@unite/shared';
import type { PgPool, PgPoolConstructor } from './driver-types';
import type { ClusterOptions } from './types';

/** A cluster's options with every default filled in. */
export type Settings<Pool extends PgPool = PgPool> = ReturnType<typeof settingsOf<Pool>>;

/** The one place where defaults live. */
export function settingsOf<Pool extends PgPool>(options: ClusterOptions<Pool>) {
  const { pool = {}, reads = {}, failover = {} } = options;
  const max = pool.max ?? 10;
  const maxLagMs = reads.maxLagMs ?? 30_000;
  return {
    name: options.name ?? 'main',
    Pool: options.Pool as PgPoolConstructor<Pool>,
    max,
    maxForReadsOnPrimary: pool.maxForReadsOnPrimary ?? Math.ceil(max / 2),
    maxWaitingForConnection: pool.maxWaiting ?? 1_000,
    connectTimeoutMs: pool.connectTimeoutMs ?? 2_000,
    idleTimeoutMs: pool.idleTimeoutMs ?? 30_000,
    maxLifetimeMs: pool.maxLifetimeMs ?? 1_800_000,
    statementTimeoutMs: pool.statementTimeoutMs,
    idleInTransactionTimeoutMs: pool.idleInTransactionTimeoutMs ?? 60_000,
    applicationName: pool.applicationName ?? 'unite',
    ssl: pool.ssl,
    maxLagMs,
    waitForReplicaMs: reads.waitForReplicaMs ?? 50,
    maxWaitingForPrimary: failover.maxWaiting ?? 1_000,
    failoverTimeoutMs: failover.timeoutMs ?? 15_000,
    // Lag is known as well as it is asked for: three looks fit into what is tolerated.
    healthCheckEveryMs: Math.min(options.healthCheckEveryMs ?? 10_000, maxLagMs / 3),
    probeTimeoutMs: options.probeTimeoutMs ?? 1_000,
    queryTimeoutMs: options.queryTimeoutMs ?? 30_000,
    idempotencyTable: options.idempotencyTable ?? 'unite_idempotency',
    context: options.context ?? currentContext,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  } as const;
}
