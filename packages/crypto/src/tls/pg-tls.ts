import { isIP } from 'node:net';
import { CryptoError } from '../errors';
import { checkSecretOptions } from './check-secret-options';
import { clientTlsChecks, clientTlsOf } from './client-tls';
import { serviceUrl } from './service-url';
import type { ClientTls, ClientTlsOptions } from './types';

/** For `new pg.Pool({ ...pgTls(url, { ca }), max: 10 })`. */
export interface PgTls {
  /** Without the parameters that would override `ssl`. */
  readonly connectionString: string;
  /** `host` is there for a server that is reached by its address: older releases of `pg` look for `localhost` then. */
  readonly ssl: ClientTls & { readonly host?: string };
}

/** What demands no more than is demanded here. `pg` takes the first three for one another. */
const harmless: Readonly<Record<string, readonly string[]>> = {
  sslmode: ['verify-full', 'verify-ca', 'require'],
  ssl: ['true', '1'],
  uselibpqcompat: ['true', 'false'],
};

/**
 * Options of `pg` for a connection by TLS 1.3 to a server that proves its name.
 *
 * `pg` lets what stands in the URL win over the option `ssl`, without a word: with `?sslmode=disable` it talks plain
 * text, with `no-verify` to anybody, with `sslrootcert` without `minVersion`. Such a URL is refused; a demand that is
 * no weaker than this one is taken out of it.
 *
 * @throws CryptoError `UNITE_CRYPTO_TLS_WEAK`, which names the parameter and shows no URL; TypeError for what is no URL
 * @example
 * const pool = new pg.Pool({ ...pgTls(env.databaseUrl, { ca: readFileSync('ca.pem') }), max: 10 });
 */
export function pgTls(url: string, options: ClientTlsOptions = {}): PgTls {
  checkSecretOptions('pgTls', options, clientTlsChecks);
  return pgTlsOf('pgTls', url, options);
}

/** The same of options that were checked, whatever else is among them. */
export function pgTlsOf(owner: string, text: string, options: ClientTlsOptions): PgTls {
  const { url, host } = serviceUrl(owner, text, { 'postgres:': 5432, 'postgresql:': 5432 });
  for (const [name, value] of [...url.searchParams]) {
    if (harmless[name]?.includes(value)) url.searchParams.delete(name);
    else if (/^ssl|^uselibpqcompat$/.test(name)) throw weak(owner, name, value);
    // Wins over the host before it, so that nobody sees who is meant; with a path it is a socket, which has no TLS.
    else if (name === 'host' || name === 'port') throw weak(owner, name, '');
  }
  if (/^%2f/i.test(host)) throw weak(owner, 'host', '');
  return {
    connectionString: url.href,
    ssl: { ...clientTlsOf(owner, options), ...(isIP(host) !== 0 && { host }) },
  };
}

const known = ['disable', 'allow', 'prefer', 'no-verify', 'direct', 'false', '0'];

function weak(owner: string, name: string, value: string): CryptoError {
  // A value that is not one of these may be anything, a path for one.
  const shown = known.includes(value) ? `"${name}=${value}"` : `"${name}"`;
  return new CryptoError(
    'UNITE_CRYPTO_TLS_WEAK',
    `${owner}: the URL's ${shown} would silently win over TLS 1.3 with a server that proves its name; take it out, and give authorities as "ca"`,
  );
}
