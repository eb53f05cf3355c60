import type { SecureVersion } from 'node:tls';
import type { Finding } from '@unite/core';
import { describeError } from '../../describe-error';
import { failed, passed, skipped, warned } from '../finding';
import { unheardFinding } from '../unheard-finding';
import { TlsRefusedError } from './handshake';

const versions: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/** What was agreed on. */
export interface Agreed {
  readonly protocol: string;
  readonly cipher: string;
  readonly handshakeMs: number;
}

/** Whether the protocol that was agreed on is new enough. */
export function protocolFinding(
  { protocol, cipher, handshakeMs }: Agreed,
  minVersion: SecureVersion,
  warnBelow: SecureVersion,
): Finding {
  const measured = { protocol, cipher, handshakeMs };
  const remedy = 'Let the server speak TLS 1.3.';
  const isBelow = (version: SecureVersion): boolean =>
    versions.indexOf(protocol as SecureVersion) < versions.indexOf(version);
  if (isBelow(minVersion)) {
    return failed(
      'protocol',
      `${protocol} is the best that it speaks, below ${minVersion}`,
      remedy,
      measured,
    );
  }
  if (isBelow(warnBelow)) {
    return warned('protocol', `${protocol} is the best that it speaks, below ${warnBelow}`, remedy, measured);
  }
  return passed('protocol', `${protocol} with ${cipher}`, measured);
}

/** Whether a handshake by an old protocol came to its end: RFC 8996 forbids TLS 1.0 and 1.1. */
export function oldProtocolFinding(
  outcome: { readonly protocol: string } | { readonly error: unknown },
  gravity: 'warned' | 'failed',
): Finding {
  const subject = 'old protocols';
  if ('error' in outcome) {
    if (describeError(outcome.error).code === 'ERR_SSL_NO_PROTOCOLS_AVAILABLE') {
      return skipped(subject, 'this build of OpenSSL cannot speak them itself');
    }
    // One that does not answer has not refused either.
    const unheard = unheardFinding(subject, outcome.error, (reason) => `the server ${reason}`);
    return unheard ?? passed(subject, 'TLS 1.0 and 1.1 are refused');
  }
  const say = gravity === 'failed' ? failed : warned;
  return say(
    subject,
    `${outcome.protocol} is accepted from those who ask for no better one`,
    'Turn TLS 1.0 and 1.1 off at the server: ssl_min_protocol_version, ssl_protocols, minVersion.',
  );
}

/** Whether the application protocol was agreed on. */
export function alpnFindings(wanted: string | undefined, agreed: string | false | null): Finding[] {
  if (wanted === undefined) return [];
  if (agreed === wanted) return [passed('application protocol', `${wanted} is agreed on`)];
  return [
    failed(
      'application protocol',
      `${wanted} is not agreed on`,
      'Turn it on at the server, or at the proxy that ends TLS.',
    ),
  ];
}

/** Why there was no handshake at all. */
export function noHandshakeFinding(error: unknown, alpn: string | undefined): Finding {
  const subject = 'handshake';
  if (error instanceof TlsRefusedError) {
    return failed(subject, error.message, 'Turn on ssl at the server, with ssl_cert_file and ssl_key_file.');
  }
  const unheard = unheardFinding(subject, error, (reason) => `the server ${reason}`);
  if (unheard) return unheard;
  const code = describeError(error).code ?? '';
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL/.test(code)) {
    return failed(
      subject,
      'the server speaks plain text',
      'Turn on TLS at the server, or correct the port; for PostgreSQL say `protocol: "postgres"`.',
    );
  }
  if (/NO_APPLICATION_PROTOCOL/.test(code)) return alpnFindings(alpn, false)[0] as Finding;
  return failed(
    subject,
    `fails: ${describeError(error).message}`,
    'Look into the log of the server, and whether this port speaks TLS at all.',
  );
}
