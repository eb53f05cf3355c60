import { processMetrics } from '@unite/apm/process';
import { createCache } from '@unite/cache';
import { redisLayer } from '@unite/cache/redis';
import { createVault } from '@unite/crypto';
import { fileKeyring, postgresKeyStore } from '@unite/crypto/keys';
import { createCluster } from '@unite/db-ha';
import { createConsistency } from '@unite/db-ha/consistency';
import { createLifecycle } from '@unite/ops';
import { eventLoopCheck, postgresCheck, redisCheck } from '@unite/ops/checks';
import { defineProblems } from '@unite/problem';
import { createQuota, memoryStore } from '@unite/quota';
import { postgresLedger } from '@unite/quota/postgres';
import { redisStore } from '@unite/quota/redis';
import { currentTraceId } from '@unite/tracing';
import pg from 'pg';
import { env } from '../../crm/lib/env';
import { plans } from '../../crm/lib/plans';
import { prices } from '../../crm/lib/prices';
import { problemTypes } from '../../crm/lib/problems';
import { closeRedis, createRedis, openRedis } from '../../crm/lib/redis';
import { requestFacts } from '../../crm/lib/request-facts';
import { roles } from '../../crm/lib/roles';
import { createSessions } from '../../crm/lib/session';
import { databaseTls } from '../../crm/lib/tls';
import { apm } from './apm';
import { service } from './service';
import { tracing } from './tracing';

// What the API is made of. Under a name that the CRM knows too, each part works with the CRM's: entries of the cache,
// counts of the quota, keys, sessions. No `once` as there: nobody loads a file of this program twice.

/** How long the news of a change takes at most to reach every process. */
export const maxStalenessMs = 5_000;
const failoverTimeoutMs = 5_000;
const keyTimeoutMs = 5_000;
const keyTtlMs = 60_000;
export const isSecure = env.publicUrl.startsWith('https:');

/** The CRM's sign-in, sealed with the same secret. */
export const sessions = createSessions({ secret: env.sessionSecret, isSecure });

/** The CRM documents them: its address is in each `type`. */
export const problems = defineProblems({
  baseUrl: new URL('/errors/', env.publicUrl).href,
  types: problemTypes,
  members: () => ({ traceId: currentTraceId(), eventId: apm.eventId() }),
});

export const db = createCluster({
  nodes: env.databaseNodes,
  Pool: pg.Pool,
  pool: { applicationName: service.name, statementTimeoutMs: 5_000, ssl: databaseTls },
  failover: { timeoutMs: failoverTimeoutMs },
  healthCheckEveryMs: 2_000,
});

/** What somebody has saved in the CRM they see here, and the other way round. */
export const consistency = createConsistency({
  cluster: db,
  secrets: [env.sessionSecret],
  cookie: { secure: isSecure },
});

export const vault = createVault({
  keys: fileKeyring(env.keyringFile),
  store: postgresKeyStore(db, { timeoutMs: keyTimeoutMs }),
  timeoutMs: keyTimeoutMs,
  keyCache: { ttlMs: keyTtlMs },
  mayDecrypt: roles.mayDecrypt(() => requestFacts()?.session?.role),
});

const redis = env.redisUrl === undefined ? undefined : createRedis(env.redisUrl);

export const cache = createCache({
  namespace: 'crm',
  remote: redis && redisLayer(redis),
  codec: vault.codec('cache'),
  database: db,
  maxStalenessMs,
});

export const quota = createQuota({
  plans,
  prices,
  store: redis ? redisStore(redis, { timeoutMs: env.quotaPatienceMs }) : memoryStore(),
  ledger: postgresLedger(db, { timeoutMs: env.ledgerPatienceMs }),
  upgradeUrl: new URL('/usage', env.publicUrl).href,
});

const processWatch = processMetrics(apm, { pools: [db], tracing });
const redisConnection = redis && { close: () => closeRedis(redis) };

export const lifecycle = createLifecycle({
  checks: {
    postgres: postgresCheck(db, { writeGraceMs: failoverTimeoutMs }),
    ...(redis && { redis: redisCheck(redis, { group: 'degraded' }) }),
    loop: eventLoopCheck({ maxDelayMs: env.maxLoopDelayMs, group: 'degraded' }),
  },
  shedding: { maxDelayMs: env.maxLoopDelayMs },
  drain: { readinessGraceMs: env.readinessGraceMs },
  onStart: redis ? [() => openRedis(redis)] : [],
  // It is made of what is made here.
  onDrain: [{ close: async () => (await import('./dashboard')).dashboard.close() }],
  // Whoever uses another closes before it.
  onShutdown: [
    quota,
    cache,
    vault,
    db,
    ...(redisConnection ? [redisConnection] : []),
    processWatch,
    apm,
    tracing,
  ],
});
