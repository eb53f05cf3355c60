import { withApm } from '@unite/apm/next';
import { processMetrics } from '@unite/apm/process';
import { createCache } from '@unite/cache';
import { redisLayer } from '@unite/cache/redis';
import { compose, type PageRunner, pageContext, withContext } from '@unite/core/next';
import { once } from '@unite/core/once';
import { createVault } from '@unite/crypto';
import { fileKeyring, postgresKeyStore } from '@unite/crypto/keys';
import { withCsrf } from '@unite/crypto/next';
import { createCluster } from '@unite/db-ha';
import { createConsistency } from '@unite/db-ha/consistency';
import { pageConsistency, withConsistency } from '@unite/db-ha/next';
import { createLifecycle } from '@unite/ops';
import { eventLoopCheck, postgresCheck, redisCheck } from '@unite/ops/checks';
import { withLifecycle } from '@unite/ops/next';
import { defineProblems } from '@unite/problem';
import { withProblems } from '@unite/problem/next';
import { createAuthLimiter, createQuota, memoryStore } from '@unite/quota';
import { createClientKey } from '@unite/quota/key';
import { withQuota } from '@unite/quota/next';
import { postgresLedger } from '@unite/quota/postgres';
import { redisStore } from '@unite/quota/redis';
import { currentTraceId } from '@unite/tracing';
import { pageTracing, withTracing } from '@unite/tracing/next';
import { cookies, headers } from 'next/headers';
import pg from 'pg';
import { apm } from './apm';
import { demoSession } from './demo-session';
import { env } from './env';
import { createFlags } from './flags/create-flags';
import { flagContext } from './flags/flag-context';
import { flagProvider } from './flags/flag-provider';
import { plans } from './plans';
import { prices } from './prices';
import { problemTypes } from './problems';
import { closeRedis, createRedis, openRedis } from './redis';
import { pageFacts, requestFacts, withFacts } from './request-facts';
import { roleAllows, roles } from './roles';
import { createSessions, identityOf, type Session } from './session';
import { databaseTls } from './tls';
import { tracing } from './tracing';
import { pageEvidence, withEvidence } from './try-this/with-evidence';

// What the application is made of, put together once. Read from top to bottom.

const maxStalenessMs = 5_000;
const failoverTimeoutMs = 5_000;
const signInPatienceMs = 500;
const keyTimeoutMs = 5_000;
/** How long a key is used that has been destroyed elsewhere. */
const keyTtlMs = 60_000;
const flagTimeoutMs = 50;
const isSecure = env.publicUrl.startsWith('https:');

export const sessions = createSessions({ secret: env.sessionSecret, isSecure });

export const problems = defineProblems({
  baseUrl: new URL('/errors/', env.publicUrl).href,
  types: problemTypes,
  // Whoever reports a problem names the trace that shows it, and the error where it was one.
  members: () => ({ traceId: currentTraceId(), eventId: apm.eventId() }),
});

/** PostgreSQL, as one pool. Its roles are found out, so the order of the nodes means nothing. */
export const db = once('crm.db', () =>
  createCluster({
    nodes: env.databaseNodes,
    Pool: pg.Pool,
    pool: {
      applicationName: 'crm',
      statementTimeoutMs: 5_000,
      idleInTransactionTimeoutMs: 10_000,
      ssl: databaseTls,
    },
    // Less than a request may take, so that who waits in vain is told when to try again.
    failover: { timeoutMs: failoverTimeoutMs },
    healthCheckEveryMs: 2_000,
  }),
);

/** The process itself: event loop, memory, collector, connections, spans. */
const processWatch = once('crm.process-watch', () => processMetrics(apm, { pools: [db], tracing }));

/** Lets people see what they saved, whichever replica they meet next. */
const consistency = createConsistency({
  cluster: db,
  secrets: [env.sessionSecret],
  cookie: { secure: isSecure },
});

/** The root keys, which wrap those of the workspaces. In production these are a KMS's. */
export const rootKeys = once('crm.root-keys', () => fileKeyring(env.keyringFile));

/** Encrypts what tells who a contact is, with keys of each workspace; asks the roles before it decrypts. */
export const vault = once('crm.vault', () =>
  createVault({
    keys: rootKeys,
    store: postgresKeyStore(db, { timeoutMs: keyTimeoutMs }),
    timeoutMs: keyTimeoutMs,
    keyCache: { ttlMs: keyTtlMs },
    mayDecrypt: roles.mayDecrypt(() => requestFacts()?.session?.role),
  }),
);

/** For what may be lost. Without one the application goes without. */
const redis =
  env.redisUrl === undefined ? undefined : once('crm.redis', () => createRedis(env.redisUrl as string));

/** Memory, then Redis, then the database. Without Redis, each process remembers alone. */
export const cache = once('crm.cache', () =>
  createCache({
    namespace: 'crm',
    remote: redis && redisLayer(redis),
    // What is kept in Redis is as secret as in the database.
    codec: vault.codec('cache'),
    // What is loaded after somebody's write comes from a server that has seen it.
    database: db,
    maxStalenessMs,
  }),
);

/** What each workspace may use, what it has used, and what that cost. The ledger survives any loss of Redis. */
export const quota = once('crm.quota', () =>
  createQuota({
    plans,
    prices,
    // Counted by all processes together, else by this one.
    store: redis ? redisStore(redis, { timeoutMs: env.quotaPatienceMs }) : memoryStore(),
    ledger: postgresLedger(db, { timeoutMs: env.ledgerPatienceMs }),
    upgradeUrl: new URL('/usage', env.publicUrl).href,
  }),
);

/** What may be switched off without a release. A provider that fails or is late gives the defaults. */
export const flags = once('crm.flags', () =>
  createFlags({
    provider: flagProvider(env.flags),
    evaluationContext: flagContext,
    timeoutMs: flagTimeoutMs,
    domain: 'crm',
  }),
);

/** Makes guessing at the sign-in slow, by person and by address. Who signs in can wait longer than every request. */
export const signInLimiter = once('crm.sign-in-limiter', () =>
  createAuthLimiter({
    store: redis ? redisStore(redis, { timeoutMs: signInPatienceMs }) : memoryStore(),
    storeTimeoutMs: signInPatienceMs,
  }),
);

/** Which client a request is from. Next.js tells no peer, so without a proxy that is trusted nobody knows. */
export const clientKey = createClientKey({ trustedProxies: env.trustedProxies || 'none' });

/** Whether requests may be sent here, and how the process ends: with the last answer, and nothing lost. */
export const lifecycle = once('crm.lifecycle', () =>
  createLifecycle({
    checks: {
      // Writes wait for a new primary for as long as a failover may take; after that they are refused at once.
      postgres: postgresCheck(db, { writeGraceMs: failoverTimeoutMs, timeoutMs: env.databaseCheckTimeoutMs }),
      redis: redis
        ? redisCheck(redis, { group: 'degraded' })
        : () => ({ groups: { degraded: 'degraded' }, detail: 'not configured' }),
      loop: eventLoopCheck({ maxDelayMs: env.maxLoopDelayMs, group: 'degraded' }),
    },
    shedding: { maxDelayMs: env.maxLoopDelayMs },
    drain: { readinessGraceMs: env.readinessGraceMs },
    onStart: [() => redis && openRedis(redis)],
    // It is made of what is made here.
    onDrain: [{ close: async () => (await import('./dashboard')).dashboard.close() }],
    onShutdown: [
      quota,
      cache,
      vault,
      db,
      ...(redis ? [{ close: () => closeRedis(redis) }] : []),
      processWatch,
      apm,
      tracing,
    ],
  }),
);

/** What a route uses: `{ quota: { use: calls(5) } }`. Of whoever is nobody there is nothing to charge. */
export const calls = (apiCalls: number) => () => (requestFacts()?.session ? { apiCalls } : {});

const readApiSession = (received: Headers) =>
  sessions.read(received) ?? (env.isDemo ? demoSession(received) : undefined);

/** For whom is noted what they have seen: in a demo alone. */
export const demoSessionId = (received: Headers) =>
  env.isDemo ? sessions.open(received)?.sessionId : undefined;

/** For routes that write: `route(handler, saves)`. Refused at once while the database takes no writes. */
export const saves = { ops: { needs: 'write' } } as const;

/** What servers there are is for those to know who look after them; a demo is there to be looked at. */
export const tellsServer = (session: Session | undefined) =>
  env.isDemo || (session !== undefined && roleAllows(session.role, 'read ops'));

/** Around every API route: `export const GET = route(handler)`. */
export const route = compose(
  withContext({ identify: (request) => identityOf(readApiSession(request.headers)), timeoutMs: 15_000 }),
  withTracing(tracing),
  withFacts({
    readSession: readApiSession,
    renewSession: sessions.renew,
    newsTakesMs: maxStalenessMs,
    tellsServer,
    isSecure,
  }),
  withEvidence(demoSessionId),
  withConsistency(consistency, { cookies }),
  withProblems(problems),
  withApm(apm),
  withCsrf({}, { onRefused: 'throw' }),
  withLifecycle(lifecycle, { onRefused: 'throw' }),
  withQuota(quota, { use: calls(1), onRefused: 'throw' }),
);

/** Around what a page reads: `await page(() => listContacts(query))`. */
export const page: PageRunner = pageConsistency(consistency, {
  page: pageEvidence({
    page: pageFacts({
      page: pageTracing({
        page: pageContext({ headers, identify: (request) => identityOf(sessions.read(request.headers)) }),
      }),
      headers,
      readSession: sessions.read,
    }),
    headers,
    sessionIdOf: demoSessionId,
  }),
  cookies,
});
