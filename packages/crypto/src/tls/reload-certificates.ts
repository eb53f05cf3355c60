import { X509Certificate } from 'node:crypto';
import { checkOptions, expects, optionChecks, systemClock, warnOnce } from '@unite/shared';
import { CryptoError } from '../errors';
import { certificatesPem } from './check-pem';
import { httpsServerOptions } from './https-server-options';
import { readTlsFiles } from './read-tls-files';
import type { CertificateReloads, ReloadOptions, SecureServerLike, TlsPaths } from './types';

/**
 * Gives a server its certificate again whenever the files have changed, so that a renewal needs no restart. Open
 * connections stay; new ones get the new certificate. Files that cannot be used, such as those of a renewal that is
 * half written, and a certificate that has expired or is not valid yet, change nothing.
 *
 * The files are looked at again and again, as what tells of changes does not see those behind links and mounts.
 *
 * @throws CryptoError `UNITE_CRYPTO_TLS_WEAK` where the files cannot be used as they are now
 * @example
 * const paths = { certPath: 'server.crt', keyPath: 'server.key' };
 * const server = createServer(httpsServerOptions(readTlsFiles(paths)), app);
 * const certificates = reloadCertificates(server, paths);
 */
export function reloadCertificates(
  server: SecureServerLike,
  paths: TlsPaths,
  options: ReloadOptions = {},
): CertificateReloads {
  checkOptions('reloadCertificates', options, {
    everyMs: optionChecks.positive,
    clientCa: certificatesPem,
    onReload: optionChecks.function,
    onError: optionChecks.function,
  });
  const demand = expects('a server of node:https or node:tls', isServer)(server);
  if (demand) throw new TypeError(`reloadCertificates: the first argument must be ${demand}`);
  return new Reloads(server, paths, options);
}

function isServer(value: unknown): boolean {
  return typeof (value as Partial<SecureServerLike> | undefined)?.setSecureContext === 'function';
}

class Reloads implements CertificateReloads {
  readonly #server: SecureServerLike;
  readonly #paths: TlsPaths;
  readonly #options: ReloadOptions;
  readonly #timer: NodeJS.Timeout;
  #inUse: string;
  expiresAtMs: number;
  reloads = 0;
  lastError: unknown;

  constructor(server: SecureServerLike, paths: TlsPaths, options: ReloadOptions) {
    this.#server = server;
    this.#paths = paths;
    this.#options = options;
    const { cert, key } = readTlsFiles(paths);
    this.#inUse = cert + key;
    this.expiresAtMs = endOf(cert);
    this.#timer = setInterval(() => this.reload(), options.everyMs ?? 10_000);
    this.#timer.unref();
  }

  reload(): boolean {
    try {
      const { cert, key } = readTlsFiles(this.#paths);
      this.lastError = undefined;
      if (cert + key === this.#inUse) return false;
      refuseOutOfDate(cert, this.#paths.certPath);
      this.#server.setSecureContext(httpsServerOptions({ cert, key, clientCa: this.#options.clientCa }));
      this.#inUse = cert + key;
      this.expiresAtMs = endOf(cert);
      this.reloads += 1;
    } catch (error) {
      this.#tell(error);
      return false;
    }
    this.#options.onReload?.({ expiresAtMs: this.expiresAtMs });
    return true;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #tell(error: unknown): void {
    this.lastError = error;
    if (this.#options.onError) this.#options.onError(error);
    else {
      warnOnce(
        'UNITE_CRYPTO_TLS_RELOAD',
        `the server keeps its certificate, as the new one cannot be used: ${(error as Error).message}`,
      );
    }
  }
}

/** One that is valid must not go for one that no client takes. */
function refuseOutOfDate(cert: string, path: string): void {
  const nowMs = systemClock.wallMs();
  if (endOf(cert) <= nowMs) throw new CryptoError('UNITE_CRYPTO_TLS_WEAK', `${path} has expired`);
  if (Date.parse(new X509Certificate(cert).validFrom) > nowMs) {
    throw new CryptoError('UNITE_CRYPTO_TLS_WEAK', `${path} is not valid yet`);
  }
}

function endOf(cert: string): number {
  return Date.parse(new X509Certificate(cert).validTo);
}
