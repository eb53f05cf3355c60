import { startIdentityProvider } from '../../scripts/identity-provider.mjs';
import { freePort } from './run-app.mjs';

/** An identity provider for an application that is a demo, and the variables by which that application finds it. */
export async function startDemoProvider(started) {
  const port = await freePort();
  const publicUrl = `http://localhost:${port}`;
  const redirectUri = new URL('/api/session/callback', publicUrl).href;
  const clients = [{ client_id: 'crm', redirect_uris: [redirectUri] }];
  const { issuer } = await started.server(startIdentityProvider({ clients }));
  return { PORT: String(port), PUBLIC_URL: publicUrl, OIDC_ISSUER: issuer };
}
