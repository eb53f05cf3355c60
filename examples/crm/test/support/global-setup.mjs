import { startPostgres, startServices } from '@unite/services';
import { asAppRole } from '../../scripts/app-role.mjs';
import { startDrillControl } from './drill-control.mjs';
import { startRedisToKill } from './drill-redis.mjs';
import { installChromium } from './install-chromium.mjs';
import { freePort, runScript, startApp } from './run-app.mjs';

/** What the tests sign sessions of their own with. */
const sessionSecret = 'a secret for the tests, long enough to sign';

/** A PostgreSQL primary with two replicas, migrated and seeded, and the production build serving on it. */
export default async function globalSetup() {
  const services = await startServices({ env: {} });
  const env = { ...services.env, SESSION_SECRET: sessionSecret };
  await runScript('migrate', env);
  await runScript('seed', env);
  const app = await startApp({ ...env, CRM_DEMO: '1' });
  const [nowhere, nowhereElse] = [await freePort(), await freePort()].map(
    (port) => `postgres://nobody@127.0.0.1:${port}/nothing`,
  );
  const degraded = await startApp({
    ...env,
    REPLICA_URLS: `${nowhere},${services.replicaUrls[0]}`,
    REDIS_URL: `redis://127.0.0.1:${await freePort()}`,
    CRM_DEMO: '1',
  });
  const down = await startApp(
    { ...env, DATABASE_URL: nowhere, REPLICA_URLS: nowhereElse, CRM_DEMO: '1' },
    '/health/live',
  );
  const closed = await startApp({ ...env });
  // Servers of its own to kill: what is promoted stays so.
  const drillCluster = await startPostgres({ replicas: 2 });
  const drillEnv = {
    DATABASE_URL: drillCluster.primaryUrl,
    REPLICA_URLS: drillCluster.replicaUrls.join(','),
    SESSION_SECRET: sessionSecret,
  };
  await runScript('migrate', drillEnv);
  await runScript('seed', drillEnv);
  // What these servers do is only seen by asking them.
  const drillApp = await startApp({ ...drillEnv, CRM_DEMO: '1', CRM_CACHE: 'off' });
  // Two processes of one application, over a Redis that is theirs alone, to kill.
  const drillRedis = services.redisUrl === undefined ? undefined : await startRedisToKill();
  const cacheEnv = { ...env, CRM_DEMO: '1', REDIS_URL: drillRedis?.url ?? '' };
  const cacheApps = drillRedis ? [await startApp(cacheEnv), await startApp(cacheEnv)] : [];
  const drillControl = await startDrillControl([...drillCluster.nodes, ...(drillRedis ? [drillRedis] : [])]);
  globalThis.crmTest = {
    services,
    drillCluster,
    drillControl,
    drillRedis,
    apps: [app, degraded, down, closed, drillApp, ...cacheApps],
  };
  process.env.TEST_DRILL_ORIGIN = drillApp.origin;
  process.env.TEST_CACHE_ORIGINS = cacheApps.map(({ origin }) => origin).join(',');
  process.env.TEST_DRILL_CONTROL = drillControl.origin;
  process.env.TEST_DRILL_URLS = [drillCluster.primaryUrl, ...drillCluster.replicaUrls].join(',');
  process.env.TEST_DEGRADED_ORIGIN = degraded.origin;
  process.env.TEST_DOWN_ORIGIN = down.origin;
  process.env.TEST_CLOSED_ORIGIN = closed.origin;
  process.env.TEST_ORIGIN = app.origin;
  process.env.TEST_SESSION_SECRET = sessionSecret;
  process.env.TEST_DATABASE_URL = services.databaseUrl;
  process.env.TEST_REPLICA_URLS = services.replicaUrls.join(',');
  process.env.TEST_APP_URL = asAppRole(services.databaseUrl, services.databaseUrl);
  process.env.TEST_CHROMIUM = (await installChromium()) ?? '';
}
