import { fileURLToPath } from 'node:url';
import { startServices } from '@unite/services';
import { startDrillControl } from '../../../crm/test/support/drill-control.mjs';
import { startRedisToKill } from '../../../crm/test/support/drill-redis.mjs';
import { runScript, startApp } from '../../../crm/test/support/run-app.mjs';
import { startReceiver } from '../../../crm/test/support/start-receiver.mjs';
import { startedServers } from '../../../crm/test/support/started-servers.mjs';

const directory = fileURLToPath(new URL('../..', import.meta.url));

export default async function globalSetup() {
  const started = startedServers();
  try {
    await startAll(started);
  } catch (error) {
    await started.close();
    throw error;
  }
  globalThis.apiTest = started;
}

/** The CRM and the API beside it, over one PostgreSQL with two replicas, one Redis and one receiver of traces. */
async function startAll(started) {
  const services = await started.server(startServices({ env: {} }));
  const redis = await started.server(services.redisUrl && startRedisToKill());
  const receiver = await started.server(startReceiver());
  await runScript('migrate', services.env);
  await runScript('seed', services.env);
  const env = {
    ...services.env,
    REDIS_URL: redis?.url ?? '',
    OTLP_TRACES_URL: receiver.url,
    SESSION_SECRET: 'a secret for the tests, long enough to sign',
    INTERNAL_KEY: 'what our own programs know, and nobody else',
    // Each call is counted, however slow the machine is.
    QUOTA_PATIENCE_MS: '5000',
    CRM_DEMO: '1',
  };
  const crm = await started.app(startApp(env));
  const shared = { ...env, PUBLIC_URL: crm.origin };
  const api = await started.app(startApp(shared, '/health/ready', directory));
  const control = await started.server(
    startDrillControl([...services.postgres.nodes, ...(redis ? [redis] : [])]),
  );
  process.env.TEST_ENV = JSON.stringify({ ...shared, KEYRING_FILE: process.env.TEST_KEYRING_FILE });
  process.env.TEST_CRM_ORIGIN = crm.origin;
  process.env.TEST_ORIGIN = api.origin;
  process.env.TEST_DRILL_CONTROL = control.origin;
  process.env.TEST_RECEIVER_ORIGIN = receiver.origin;
  process.env.TEST_REPLICA_URLS = services.replicaUrls.join(',');
  // What the CRM's own helpers ask: of its quota, and of two processes over one cache.
  process.env.TEST_QUOTA_ORIGINS = redis ? `${crm.origin},${api.origin}` : '';
  process.env.TEST_QUOTA_REDIS_URL = redis?.url ?? '';
  process.env.TEST_QUOTA_DATABASE_URL = services.databaseUrl;
}
