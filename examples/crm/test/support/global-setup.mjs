import { startServices } from '@unite/services';
import { asAppRole } from '../../scripts/app-role.mjs';
import { startScorer } from '../../scripts/scorer.mjs';
import { allOrNone } from './all-or-none.mjs';
import { startDrillControl } from './drill-control.mjs';
import { startRedisToKill } from './drill-redis.mjs';
import { installChromium } from './install-chromium.mjs';
import { createDatabase } from './own-database.mjs';
import { freePort, runScript, startApp } from './run-app.mjs';
import { startAttackApp } from './start-attack-app.mjs';
import { startDemoProvider } from './start-demo-provider.mjs';
import { startDrillApp } from './start-drill-app.mjs';
import { startReceiver } from './start-receiver.mjs';
import { startTlsApp } from './start-tls-app.mjs';
import { startWalkApp } from './start-walk-app.mjs';
import { startedServers } from './started-servers.mjs';

/** Each call is counted here and each write taken, however slow the machine is. */
const patience = { QUOTA_PATIENCE_MS: '5000', DATABASE_CHECK_TIMEOUT_MS: '10000' };

/** What the tests sign sessions of their own with. */
const sessionSecret = 'a secret for the tests, long enough to sign';

export default async function globalSetup() {
  const started = startedServers();
  try {
    await startAll(started);
  } catch (error) {
    await started.close();
    throw error;
  }
  globalThis.crmTest = started;
}

/**
 * The production build, serving on one set of servers for most tests, and on others that are killed or speak TLS. The
 * two rows share nothing, and each mostly waits for its own applications.
 */
async function startAll(started) {
  const serve = (...options) => started.app(startApp(...options));
  // Alone, since it installs what is missing.
  const services = await started.server(startServices({ env: {} }));
  const [drillRedis, cluster] = await allOrNone([
    startSharedApps(started, serve, services),
    startOwnApps(started, serve, services.redisUrl !== undefined),
  ]);
  const drillControl = await started.server(
    startDrillControl([...cluster.nodes, ...(drillRedis ? [drillRedis] : [])]),
  );
  process.env.TEST_DRILL_CONTROL = drillControl.origin;
  process.env.TEST_SESSION_SECRET = sessionSecret;
  process.env.TEST_CHROMIUM = (await installChromium()) ?? '';
}

/** Applications with servers of their own. Gives the cluster that may be killed. */
async function startOwnApps(started, serve, hasRedis) {
  const cluster = await startDrillApp(started, serve, sessionSecret);
  if (hasRedis) await startWalkApp(started, serve, cluster, sessionSecret);
  await startTlsApp(started, serve);
  return cluster;
}

/** Applications on a PostgreSQL primary with two replicas, migrated and seeded. Gives the Redis that may be killed. */
async function startSharedApps(started, serve, services) {
  const scorer = await started.server(startScorer());
  const receiver = await started.server(startReceiver());
  const withoutScorer = { ...services.env, SESSION_SECRET: sessionSecret };
  const env = { ...withoutScorer, OPENAI_BASE_URL: scorer.url };
  await runScript('migrate', env);
  await runScript('seed', env);
  const app = await serve({
    ...env,
    ...patience,
    CRM_DEMO: '1',
    RELEASE: 'test-release',
    DEPLOYMENT: 'test-deployment',
    // Here scores come all at once, elsewhere as they are by default.
    CRM_FLAGS: '{"score-streaming":"off"}',
  });
  const [nowhere, nowhereElse] = [await freePort(), await freePort()].map(
    (port) => `postgres://nobody@127.0.0.1:${port}/nothing`,
  );
  const degraded = await serve({
    ...env,
    ...(await startDemoProvider(started)),
    REPLICA_URLS: `${nowhere},${services.replicaUrls[0]}`,
    REDIS_URL: `redis://127.0.0.1:${await freePort()}`,
    CRM_DEMO: '1',
  });
  const down = await serve(
    { ...env, DATABASE_URL: nowhere, REPLICA_URLS: nowhereElse, CRM_DEMO: '1' },
    '/health/live',
  );
  const closed = await serve(withoutScorer);
  // Two processes of one application, over a Redis that is theirs alone, to kill.
  const drillRedis = await started.server(services.redisUrl && startRedisToKill());
  const cacheEnv = {
    ...env,
    ...(await createDatabase(services, 'crm_cache')),
    CRM_DEMO: '1',
    REDIS_URL: drillRedis?.url ?? '',
  };
  const cacheApps = drillRedis ? [await serve(cacheEnv), await serve(cacheEnv)] : [];
  // Two processes whose use is counted apart from all others', since here it is used up.
  const quotaEnv = {
    ...env,
    ...(await createDatabase(services, 'crm_quota')),
    ...(services.redisUrl && { REDIS_URL: new URL('/1', services.redisUrl).href }),
    CRM_DEMO: '1',
    TRUSTED_PROXIES: '1',
    ...patience,
    OTLP_TRACES_URL: receiver.url,
  };
  const quotaApps = services.redisUrl ? [await serve(quotaEnv), await serve(quotaEnv)] : [];
  await startAttackApp(started, serve, services, { ...env, ...patience });
  process.env.TEST_CACHE_ORIGINS = cacheApps.map(({ origin }) => origin).join(',');
  process.env.TEST_QUOTA_ORIGINS = quotaApps.map(({ origin }) => origin).join(',');
  process.env.TEST_QUOTA_DATABASE_URL = quotaEnv.DATABASE_URL;
  process.env.TEST_QUOTA_REDIS_URL = quotaEnv.REDIS_URL ?? '';
  process.env.TEST_RECEIVER_ORIGIN = receiver.origin;
  process.env.TEST_SCORER_URL = scorer.url;
  process.env.TEST_DEGRADED_ORIGIN = degraded.origin;
  process.env.TEST_DOWN_ORIGIN = down.origin;
  process.env.TEST_CLOSED_ORIGIN = closed.origin;
  process.env.TEST_ORIGIN = app.origin;
  process.env.TEST_DATABASE_URL = services.databaseUrl;
  process.env.TEST_REPLICA_URLS = services.replicaUrls.join(',');
  process.env.TEST_APP_URL = asAppRole(services.databaseUrl, services.databaseUrl);
  return drillRedis;
}
