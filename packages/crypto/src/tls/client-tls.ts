import type { OptionCheck } from '@unite/shared';
import { checkKeyPair } from './check-key-pair';
import { certificatePem, certificatesPem, keyPem, pem } from './check-pem';
import { checkSecretOptions } from './check-secret-options';
import type { ClientTls, ClientTlsOptions } from './types';

/** What clients of every kind are told. */
export const clientTlsChecks: Readonly<Record<keyof ClientTlsOptions, OptionCheck>> = {
  ca: certificatesPem,
  cert: certificatePem,
  key: keyPem,
};

/**
 * Options of `node:tls` for a client: TLS 1.3, and a server that proves its name by an authority that is trusted.
 * For drivers that have no helper of their own here, and for pools of several servers.
 *
 * @throws TypeError for what is no certificate or no key, or not the key of the certificate; their values are not shown
 * @example
 * createCluster({ nodes, Pool: pg.Pool, pool: { ssl: clientTls({ ca: readFileSync('ca.pem') }) } });
 */
export function clientTls(options: ClientTlsOptions = {}): ClientTls {
  checkSecretOptions('clientTls', options, clientTlsChecks);
  return clientTlsOf('clientTls', options);
}

/** The same of options that were checked, whatever else is among them. */
export function clientTlsOf(owner: string, { ca, cert, key }: ClientTlsOptions): ClientTls {
  if ((cert === undefined) !== (key === undefined)) {
    throw new TypeError(`${owner}: options "cert" and "key" belong together`);
  }
  if (cert !== undefined && key !== undefined) checkKeyPair(owner, cert, key);
  return {
    minVersion: 'TLSv1.3',
    rejectUnauthorized: true,
    ...(ca !== undefined && { ca: pems(ca) }),
    ...(cert !== undefined && { cert: pem(cert) }),
    ...(key !== undefined && { key: pem(key) }),
  };
}

/** One or several authorities. */
export function pems(ca: NonNullable<ClientTlsOptions['ca']>): NonNullable<ClientTls['ca']> {
  return typeof ca === 'string' || ca instanceof Uint8Array ? pem(ca) : ca.map(pem);
}
