import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { checkOptions, optionChecks } from '@unite/shared';
import { CryptoError } from '../errors';
import type { TlsFiles, TlsPaths } from './types';

/** Longer files are no certificates. */
const maxBytes = 1_048_576;

/**
 * Reads a certificate and its key, and looks whether they belong together. Reads at once, as at a start nothing else
 * is to do.
 *
 * A key that others may read is refused; its group may where it belongs to root, as PostgreSQL has it and as secrets
 * of Kubernetes are.
 *
 * @throws CryptoError `UNITE_CRYPTO_TLS_WEAK`, which names the file and what is wrong with it, and nothing of its content
 * @example
 * const { cert, key } = readTlsFiles({ certPath: env.TLS_CERT_FILE, keyPath: env.TLS_KEY_FILE });
 */
export function readTlsFiles(paths: TlsPaths): TlsFiles {
  checkOptions(
    'readTlsFiles',
    paths,
    { certPath: optionChecks.string, keyPath: optionChecks.string, caPath: optionChecks.string },
    ['certPath', 'keyPath'],
  );
  const { certPath, keyPath, caPath } = paths;
  const cert = readText(certPath);
  const certificate = parse(certPath, 'certificate in PEM', () => new X509Certificate(cert));
  const key = readText(keyPath, refuseOpenKey);
  const privateKey: KeyObject = parse(keyPath, 'private key in PEM', () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) throw unusable(keyPath, `is not the key of ${certPath}`);
  if (caPath === undefined) return { cert, key };
  const ca = readText(caPath);
  parse(caPath, 'certificate in PEM', () => new X509Certificate(ca));
  return { cert, key, ca };
}

/** Looks at the file that is open, and not at a name that may lead elsewhere by then. */
function readText(path: string, refuse?: (path: string, stat: Stat) => void): string {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (cause) {
    throw unusable(path, 'cannot be read', cause);
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile() || stat.size > maxBytes)
      throw unusable(path, `is no file of at most ${maxBytes} bytes`);
    refuse?.(path, stat);
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}

interface Stat {
  readonly mode: number;
  readonly uid: number;
}

function refuseOpenKey(path: string, { mode, uid }: Stat): void {
  // Windows has no such bits.
  if (process.platform === 'win32') return;
  const isOpen = (mode & 0o007) !== 0 || (mode & 0o030) !== 0 || ((mode & 0o040) !== 0 && uid !== 0);
  if (!isOpen) return;
  const shown = (mode & 0o777).toString(8).padStart(4, '0');
  throw unusable(path, `is open to others (mode ${shown}): chmod 600`);
}

function parse<Parsed>(path: string, what: string, read: () => Parsed): Parsed {
  try {
    return read();
  } catch {
    // What the parser says may show a part of a key.
    throw unusable(path, `holds no ${what}`);
  }
}

function unusable(path: string, why: string, cause?: unknown): CryptoError {
  return new CryptoError('UNITE_CRYPTO_TLS_WEAK', `${path} ${why}`, cause === undefined ? {} : { cause });
}
