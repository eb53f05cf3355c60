import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A provider that lies as a test wants it to. */
export interface FakeProvider {
  readonly issuer: string;
  /** Paths that were asked for, in order. */
  readonly paths: string[];
  /** What is answered instead, by path. */
  readonly answers: Map<string, (request: IncomingMessage, response: ServerResponse) => void>;
  /** Changes the discovery document. */
  metadata: Record<string, unknown>;
  /** Changes what the token endpoint answers. */
  tokens: Record<string, unknown>;
  /** Changes the claims of the ID token; its nonce is the one to repeat. */
  claims: Record<string, unknown>;
  header: Record<string, unknown>;
  /** What signs, other than the published key. */
  signingKey: KeyObject | undefined;
  stop(): Promise<void>;
}

/** Made once: it takes a while. */
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

export async function startFakeProvider(port = 0): Promise<FakeProvider> {
  const server = createServer(answer).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: FakeProvider = {
    issuer,
    paths: [],
    answers: new Map(),
    metadata: {},
    tokens: {},
    claims: {},
    header: {},
    signingKey: undefined,
    async stop() {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
  return provider;

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    provider.paths.push(path);
    const other = provider.answers.get(path);
    if (other) return void other(request, response);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(documentOf(path)));
  }

  function documentOf(path: string): object {
    if (path === '/jwks') {
      return { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', use: 'sig', alg: 'RS256' }] };
    }
    if (path === '/token') {
      return { access_token: 'secret-access', token_type: 'Bearer', id_token: idToken(), ...provider.tokens };
    }
    if (path === '/me') return { sub: provider.claims.sub ?? 'ada', name: 'of userinfo', more: true };
    return {
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      userinfo_endpoint: `${issuer}/me`,
      id_token_signing_alg_values_supported: ['RS256'],
      ...provider.metadata,
    };
  }

  function idToken(): string {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, aud: 'crm', sub: 'ada', iat: nowSeconds, exp: nowSeconds + 60 };
    const signed = [
      { alg: 'RS256', kid: 'k', ...provider.header },
      { ...claims, ...provider.claims },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const signature = createSign('sha256')
      .update(signed)
      .sign(provider.signingKey ?? privateKey, 'base64url');
    return `${signed}.${signature}`;
  }
}
