import { startServices } from '@unite/services';
import { asAppRole } from '../../scripts/app-role.mjs';
import { installChromium } from './install-chromium.mjs';
import { runScript, startApp } from './run-app.mjs';

/** A PostgreSQL primary with two replicas, migrated and seeded, and the production build serving on it. */
export default async function globalSetup() {
  const services = await startServices({ env: {} });
  const env = { ...services.env, SESSION_SECRET: 'a secret for the tests, long enough to sign' };
  await runScript('migrate', env);
  await runScript('seed', env);
  const app = await startApp({ ...env, CRM_DEMO: '1' });
  globalThis.crmTest = { services, app };
  process.env.TEST_ORIGIN = app.origin;
  process.env.TEST_DATABASE_URL = services.databaseUrl;
  process.env.TEST_REPLICA_URLS = services.replicaUrls.join(',');
  process.env.TEST_APP_URL = asAppRole(services.databaseUrl, services.databaseUrl);
  process.env.TEST_CHROMIUM = (await installChromium()) ?? '';
}
