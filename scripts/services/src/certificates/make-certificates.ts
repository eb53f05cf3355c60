// What reads its classes' descriptions needs it first.
import 'reflect-metadata';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServicesError } from '../errors';
import type { Certificates } from '../types';
import { type Authority, authorityFrom, type Issued, issueCertificate, newAuthority } from './issue';

/** Options of `makeCertificates`. */
export interface CertificatesOptions {
  /** Where the files are, and the authority from one call to the next. Closed to others. */
  readonly directory: string;
  /** Names and addresses that the certificate is for. @default ['localhost', '127.0.0.1', '::1'] */
  readonly hosts?: readonly string[] | undefined;
  /** From when the certificate holds, milliseconds since the epoch. @default five minutes ago */
  readonly validFromMs?: number | undefined;
  /** Until when the certificate holds, milliseconds since the epoch. @default 90 days from now */
  readonly expiresAtMs?: number | undefined;
}

const dayMs = 86_400_000;

/** An authority that lasts for less than this is made anew. */
const renewAuthorityMs = 120 * dayMs;

/**
 * Makes a certificate for servers and one for clients, signed by an authority of this directory alone, by
 * WebCrypto: no openssl is needed. ECDSA on P-256, which browsers, PostgreSQL and Redis all take.
 *
 * A second call in the same directory renews: new certificates, new keys, the same authority.
 *
 * @throws ServicesError `INVALID_OPTION`, `DIRECTORY_UNUSABLE`
 * @example
 * const tls = await makeCertificates({ directory: '.unite/certificates' });
 * await using cluster = await startPostgres({ tls });
 * const pool = new pg.Pool({ connectionString: cluster.primaryUrl, ssl: { ca: tls.ca } });
 */
export async function makeCertificates(options: CertificatesOptions): Promise<Certificates> {
  const { directory, hosts = ['localhost', '127.0.0.1', '::1'] } = options;
  const { validFromMs = Date.now() - 300_000, expiresAtMs = Date.now() + 90 * dayMs } = options;
  if (hosts.length === 0) {
    throw new ServicesError('INVALID_OPTION', 'makeCertificates: option "hosts" must name at least one host');
  }
  if (!(validFromMs < expiresAtMs)) {
    throw new ServicesError('INVALID_OPTION', 'makeCertificates: "expiresAtMs" must be after "validFromMs"');
  }
  const files = filesIn(directory);
  const authority = await openAuthority(directory, files);
  const validity = { validFromMs, expiresAtMs };
  const server = await issueCertificate(authority, {
    name: 'unite server',
    usage: 'server',
    hosts,
    ...validity,
  });
  const client = await issueCertificate(authority, {
    name: 'unite',
    usage: 'client',
    hosts: [],
    ...validity,
  });
  writePair(server, files.certPath, files.keyPath);
  writePair(client, files.clientCertPath, files.clientKeyPath);
  return { directory, ca: authority.certificate.toString('pem'), ...files, hosts };
}

type Files = Omit<Certificates, 'directory' | 'ca' | 'hosts'>;

function filesIn(directory: string): Files {
  return {
    caPath: join(directory, 'ca.crt'),
    certPath: join(directory, 'server.crt'),
    keyPath: join(directory, 'server.key'),
    clientCertPath: join(directory, 'client.crt'),
    clientKeyPath: join(directory, 'client.key'),
  };
}

async function openAuthority(directory: string, { caPath }: Files): Promise<Authority> {
  const keyPath = join(directory, 'ca.key');
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (existsSync(caPath) && existsSync(keyPath)) {
      const found = await authorityFrom(readFileSync(caPath, 'utf8'), readFileSync(keyPath, 'utf8'));
      if (found.certificate.notAfter.getTime() - Date.now() > renewAuthorityMs) return found;
    }
    const made = await newAuthority();
    writePair(made, caPath, keyPath);
    return made.authority;
  } catch (cause) {
    throw new ServicesError('DIRECTORY_UNUSABLE', `no certificates can be kept in ${directory}`, { cause });
  }
}

function writePair({ certificatePem, keyPem }: Issued, certPath: string, keyPath: string): void {
  writeFileSync(keyPath, keyPem, { mode: 0o600 });
  writeFileSync(certPath, certificatePem, { mode: 0o644 });
}
