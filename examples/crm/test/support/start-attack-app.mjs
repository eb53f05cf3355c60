import { startIdentityProvider } from '../../scripts/identity-provider.mjs';
import { createDatabase } from './own-database.mjs';
import { freePort } from './run-app.mjs';

/**
 * The application as it runs in production, without anything that a demo allows, to be attacked: with a database and an
 * identity provider of its own.
 *
 * @param started where what is started is kept, to be ended
 * @param serve starts the application
 * @param services PostgreSQL and Redis
 * @param env of every application here
 */
export async function startAttackApp(started, serve, services, env) {
  const port = await freePort();
  const publicUrl = `http://localhost:${port}`;
  const redirectUri = new URL('/api/session/callback', publicUrl).href;
  const provider = await started.server(
    startIdentityProvider({ clients: [{ client_id: 'crm', redirect_uris: [redirectUri] }] }),
  );
  const database = await createDatabase(services, 'crm_attack');
  const { origin } = await serve({
    ...env,
    ...database,
    ...(services.redisUrl && { REDIS_URL: new URL('/2', services.redisUrl).href }),
    CRM_DEMO: '0',
    PORT: String(port),
    PUBLIC_URL: publicUrl,
    OIDC_ISSUER: provider.issuer,
    METRICS_TOKEN: 'a token for the tests of attacks',
  });
  process.env.TEST_ATTACK_ORIGIN = origin;
  process.env.TEST_ATTACK_DATABASE_URL = database.DATABASE_URL;
  process.env.TEST_ATTACK_PROVIDER = provider.issuer;
}
