import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { giveTo } from '../process/give-to';
import type { ServerIdentity } from '../process/server-identity';
import type { ServerCertificates } from '../types';

/** Names within a server's directory, from which it runs, as do its standby's connections. */
const files = { cert: 'unite.crt', key: 'unite.key', ca: 'unite.ca.crt', hba: 'unite.hba.conf' } as const;

/** Copies certificate and key to a server, which must own its key, and lets nobody in without TLS. */
export function writeServerTls(
  tls: ServerCertificates,
  directory: string,
  identity: ServerIdentity | undefined,
): void {
  for (const [from, name] of [
    [tls.certPath, files.cert],
    [tls.keyPath, files.key],
    [tls.caPath, files.ca],
  ] as const) {
    const file = join(directory, name);
    copyFileSync(from, file);
    giveTo(identity, file);
  }
  const lines = ['all', 'replication'].map((database) => `hostssl ${database} all samehost scram-sha-256\n`);
  writeFileSync(join(directory, files.hba), lines.join(''), { mode: 0o644 });
}

/** Settings of a server that speaks TLS 1.3 and nothing else. */
export const tlsSettings: Readonly<Record<string, string>> = {
  ssl: 'on',
  ssl_min_protocol_version: 'TLSv1.3',
  ssl_cert_file: files.cert,
  ssl_key_file: files.key,
  hba_file: files.hba,
};

/** What a standby demands of its primary: the name in the certificate, by the authority, over TLS 1.3. */
export const tlsConninfo = `sslmode=verify-full sslrootcert=${files.ca} ssl_min_protocol_version=TLSv1.3`;
