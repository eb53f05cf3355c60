import assert from 'node:assert/strict';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCookieSessions, createLogin } from '@unite/crypto/oauth';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
let nonce: string | null = null;
let codeVerifier: string | null = null;

/** A provider as far as a login needs one. */
const provider = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  codeVerifier ??= new URLSearchParams(Buffer.concat(chunks).toString()).get('code_verifier');
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(documentOf(request.url ?? '')));
}).listen(0, '127.0.0.1');
await once(provider, 'listening');
const issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;

function documentOf(path: string): object {
  if (path === '/jwks')
    return { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', use: 'sig', alg: 'RS256' }] };
  if (path === '/token') return { access_token: 'a', token_type: 'Bearer', id_token: idToken() };
  return {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    id_token_signing_alg_values_supported: ['RS256'],
  };
}

function idToken(): string {
  const iat = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, aud: 'crm', sub: 'ada', iat, exp: iat + 60, nonce };
  const parts = [{ alg: 'RS256', kid: 'k' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return `${parts.join('.')}.${createSign('sha256').update(parts.join('.')).sign(privateKey, 'base64url')}`;
}

const secrets = ['a secret that is long enough for a test'];
const sessions = createCookieSessions({ secrets, parse: (value) => value as { id: string } });
const callback = 'https://crm.example/login/callback';
const login = createLogin({
  ...{ issuer, clientId: 'crm', redirectUri: callback, sessions, secrets, allowInsecureHttp: true },
  toSession: ({ sub }) => ({ id: sub }),
});
const cookiesOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');

const begun = await login.begin(new Request('https://crm.example/login?returnTo=/contacts'));
const asked = new URL(begun.headers.get('location') ?? '').searchParams;
nonce = asked.get('nonce');
assert.equal(asked.get('code_challenge_method'), 'S256');
const answer = `${callback}?${new URLSearchParams({ code: 'c', state: asked.get('state') ?? '' })}`;
const headers = { cookie: cookiesOf(begun) };
const finished = await login.finish(new Request(answer, { headers }));
assert.equal(new URL(finished.headers.get('location') ?? '', callback).pathname, '/contacts');
assert.deepEqual(sessions.read(new Headers({ cookie: cookiesOf(finished) })), { id: 'ada' });
assert(codeVerifier);

// An answer that belongs to another login.
const forged = await login
  .finish(new Request(`${callback}?code=c&state=forged`, { headers }))
  .catch((error) => error);
assert(forged instanceof Error || forged.status >= 400);
provider.close();
provider.closeAllConnections();
console.log('discovery, a login with PKCE, state and nonce, a forged answer');
