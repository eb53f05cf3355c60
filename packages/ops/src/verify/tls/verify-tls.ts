import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { Finding, Verifier, VerifyRun } from '@unite/core';
import { checkOptions, expects, optionChecks } from '@unite/shared';
import { certificateFindings } from './certificate-findings';
import { handshake } from './handshake';
import { alpnFindings, noHandshakeFinding, oldProtocolFinding, protocolFinding } from './protocol-findings';
import type { VerifyTlsOptions } from './verify-tls-types';

/** What a handshake showed. */
interface Seen {
  readonly protocol: string;
  readonly cipher: string;
  readonly alpn: string | false | null;
  readonly distrust: string | undefined;
  readonly certificate: X509Certificate;
}

/**
 * Proves TLS by real handshakes: with the best protocol that both speak, and with an old one.
 *
 * Named are servers that speak plain text or refuse TLS; protocols that are too old, or still accepted; certificates
 * that have expired, soon will or are not valid yet, that are for other names, self-signed, without their intermediate
 * or from an unknown authority, or whose key is too short.
 *
 * @throws TypeError for options that are none
 * @example
 * verifyTls({ host: 'db-1.internal', port: 5432, protocol: 'postgres', ca: readFileSync('ca.pem') });
 */
export function verifyTls(options: VerifyTlsOptions): Verifier {
  checkTlsOptions(options);
  const { name = 'tls', timeoutMs = 3_000, host, port } = options;
  return {
    name,
    about: `TLS of ${host}:${port}: protocol, certificate, names, chain`,
    timeoutMs: 2 * timeoutMs + 1_000,
    run: (run) => verify(options, run),
  };
}

async function verify(options: VerifyTlsOptions, run: VerifyRun): Promise<Finding[]> {
  const { host, port, servername = host, timeoutMs = 3_000, alpn, expiresWithinDays = 14 } = options;
  const { minVersion = 'TLSv1.2', warnBelow = 'TLSv1.3' } = options;
  const limits = { timeoutMs, signal: run.signal };
  run.note(`shaking hands with ${host}:${port}`);
  const startMs = performance.now();
  let seen: Seen;
  try {
    seen = await handshake(options, limits, look);
  } catch (error) {
    return [noHandshakeFinding(error, alpn)];
  }
  const handshakeMs = Math.round(performance.now() - startMs);
  return [
    protocolFinding({ ...seen, handshakeMs }, minVersion, warnBelow),
    ...(minVersion === 'TLSv1.2' || minVersion === 'TLSv1.3' ? [await tryOldProtocols(options, run)] : []),
    ...certificateFindings({ ...seen, servername, expiresWithinDays }),
    ...alpnFindings(alpn, seen.alpn),
  ];
}

async function tryOldProtocols(options: VerifyTlsOptions, run: VerifyRun): Promise<Finding> {
  const { timeoutMs = 3_000, oldProtocols = 'warned' } = options;
  try {
    const limits = { timeoutMs, signal: run.signal, maxVersion: 'TLSv1.1' } as const;
    return oldProtocolFinding(await handshake(options, limits, look), oldProtocols);
  } catch (error) {
    return oldProtocolFinding({ error }, oldProtocols);
  }
}

function look(socket: TLSSocket): Seen {
  const { raw } = socket.getPeerCertificate();
  // What Node says is a code, whatever its type has.
  const distrust = socket.authorized ? undefined : String(socket.authorizationError);
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    alpn: socket.alpnProtocol,
    distrust,
    certificate: new X509Certificate(raw),
  };
}

function checkTlsOptions(options: VerifyTlsOptions): void {
  const version = expects('"TLSv1", "TLSv1.1", "TLSv1.2" or "TLSv1.3"', (value) =>
    ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'].includes(value as string),
  );
  checkOptions(
    'verifyTls',
    options,
    {
      host: optionChecks.string,
      port: expects(
        'a port',
        (value) => Number.isInteger(value) && (value as number) > 0 && (value as number) < 65_536,
      ),
      servername: optionChecks.string,
      protocol: expects('"tls" or "postgres"', (value) => value === 'tls' || value === 'postgres'),
      ca: expects('PEM text, bytes, or a list of them', (value) =>
        (Array.isArray(value) ? value : [value]).every(
          (one) => typeof one === 'string' || Buffer.isBuffer(one),
        ),
      ),
      minVersion: version,
      warnBelow: version,
      oldProtocols: expects('"warned" or "failed"', (value) => value === 'warned' || value === 'failed'),
      expiresWithinDays: optionChecks.positive,
      alpn: optionChecks.string,
      timeoutMs: optionChecks.positive,
      name: optionChecks.string,
    },
    ['host', 'port'],
  );
}
