import { CryptoError } from '../errors';
import { checkSecretOptions } from './check-secret-options';
import { clientTlsChecks, clientTlsOf } from './client-tls';
import { servernameOf, serviceUrl } from './service-url';
import type { ClientTls, ClientTlsOptions } from './types';

/** For `createClient({ url, socket })` of `redis`, and `new Redis(url, { tls })` of `ioredis`. */
export interface RedisTls {
  readonly url: string;
  readonly socket: ClientTls & { readonly tls: true; readonly servername?: string };
  readonly tls: ClientTls & { readonly servername?: string };
}

/**
 * Options of `redis` (node-redis) and `ioredis` for a connection by TLS 1.3 to a server that proves its name.
 *
 * @throws CryptoError `UNITE_CRYPTO_TLS_WEAK` for `redis://…`, which is plain text, and for a `tls` in the URL, which
 * `ioredis` would let win; TypeError for what is no URL. Neither shows it.
 * @example
 * const { url, socket } = redisTls(env.redisUrl, { ca: readFileSync('ca.pem') });
 * const client = createClient({ url, socket: { ...socket, connectTimeout: 1_000 } });
 */
export function redisTls(url: string, options: ClientTlsOptions = {}): RedisTls {
  checkSecretOptions('redisTls', options, clientTlsChecks);
  const parsed = serviceUrl('redisTls', url, { 'rediss:': 6379, 'redis:': 6379 });
  if (parsed.url.protocol === 'redis:')
    throw weak('URL is redis://…, which is plain text; it must be rediss://…');
  const over = ['tls', 'host', 'port', 'path'].find((name) => parsed.url.searchParams.has(name));
  if (over) throw weak(`URL's "${over}" would silently win over what is demanded here; take it out`);
  const tls = { ...clientTlsOf('redisTls', options), ...servernameOf(parsed.host) };
  return { url, socket: { tls: true, ...tls }, tls };
}

function weak(why: string): CryptoError {
  return new CryptoError('UNITE_CRYPTO_TLS_WEAK', `redisTls: the ${why}`);
}
