import type { Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, type PeerCertificate, type TLSSocket } from 'node:tls';
import { servernameOf } from '../service-url';
import type { ClientTls } from '../types';
import { happens } from './connection';

/** What a handshake showed. */
export interface Handshake {
  readonly protocol: string;
  readonly cipher: string;
  readonly expiresAtMs: number;
  /** Why the server is not to be trusted: a code of OpenSSL's, such as `CERT_HAS_EXPIRED`. */
  readonly distrust: string | undefined;
}

/** Whom a handshake is with. */
export interface Peer {
  /** What the certificate has to be for. */
  readonly servername: string;
  readonly tls: ClientTls;
}

/**
 * Makes a handshake with the best protocol that both speak, whoever the server turns out to be: nothing is sent to it
 * but that, and whether it is trusted is part of what was seen.
 */
export async function shakeHands(socket: Socket, { servername, tls }: Peer): Promise<Handshake> {
  const secure = await begin(socket, { servername, tls }, 'TLSv1.3');
  const certificate = secure.getPeerCertificate();
  return {
    protocol: secure.getProtocol() ?? 'unknown',
    cipher: secure.getCipher().standardName,
    expiresAtMs: Date.parse(certificate.valid_to),
    distrust: distrustOf(secure, servername, certificate),
  };
}

/** Whether a client gets in that speaks TLS 1.2 and older. An alert refuses it, and so does a server that hangs up. */
export async function acceptsTls12(socket: Socket, peer: Peer): Promise<boolean> {
  try {
    await begin(socket, peer, 'TLSv1.2');
    return true;
  } catch {
    return false;
  }
}

async function begin(
  socket: Socket,
  { servername, tls }: Peer,
  maxVersion: 'TLSv1.2' | 'TLSv1.3',
): Promise<TLSSocket> {
  const secure = connectTls({
    ...tls,
    socket,
    ...servernameOf(servername),
    minVersion: 'TLSv1',
    maxVersion,
    // At level 0 OpenSSL lets what is old and weak through, so that it can be named.
    ciphers: 'DEFAULT:@SECLEVEL=0',
    rejectUnauthorized: false,
    // Looked at apart, so that it is said which of the two is wrong.
    checkServerIdentity: () => undefined,
  });
  // What comes after the handshake, such as an alert, is nobody's any more, and must not end the process.
  secure.on('error', () => {});
  await happens(secure, 'secureConnect');
  return secure;
}

function distrustOf(secure: TLSSocket, servername: string, certificate: PeerCertificate): string | undefined {
  // What Node.js gives is a code, whatever its type says.
  if (!secure.authorized) return String(secure.authorizationError);
  const wrongName = checkServerIdentity(servername, certificate) as NodeJS.ErrnoException | undefined;
  return wrongName && String(wrongName.code);
}
