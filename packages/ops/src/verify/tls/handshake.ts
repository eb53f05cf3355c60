import { isIP, type Socket, connect as tcpConnect } from 'node:net';
import { type SecureVersion, type TLSSocket, connect as tlsConnect } from 'node:tls';
import { within } from '../within';
import type { VerifyTlsOptions } from './verify-tls-types';

/** A server of PostgreSQL that does no TLS. */
export class TlsRefusedError extends Error {}

/** SSLRequest of PostgreSQL's protocol: its length, and 1234 and 5679 as 16 bits each. */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** What one handshake is made with. */
export interface Handshake {
  readonly maxVersion?: SecureVersion;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Makes a handshake, whoever the server turns out to be: whether it is trusted is read from the socket. Old protocols
 * and weak keys are let through, so that they can be named.
 *
 * @param look reads what is wanted of the socket, which is closed then
 */
export async function handshake<Seen>(
  { host, port, servername = host, protocol, ca, alpn }: VerifyTlsOptions,
  { maxVersion, timeoutMs, signal }: Handshake,
  look: (socket: TLSSocket) => Seen,
): Promise<Seen> {
  const socket = tcpConnect({ host, port });
  try {
    return await within(timeoutMs, signal, async () => {
      await event(socket, 'connect');
      if (protocol === 'postgres') await askForTls(socket);
      const secure = tlsConnect({
        socket,
        // RFC 6066 §3: an address is no server name.
        ...(isIP(servername) === 0 && { servername }),
        ...(ca !== undefined && { ca: ca as string }),
        ...(alpn !== undefined && { ALPNProtocols: [alpn] }),
        ...(maxVersion && { maxVersion }),
        minVersion: 'TLSv1',
        // At level 0 OpenSSL lets old protocols and short keys through.
        ciphers: 'DEFAULT:@SECLEVEL=0',
        rejectUnauthorized: false,
        // The name is looked at apart from the rest, so that each is named.
        checkServerIdentity: () => undefined,
      });
      await event(secure, 'secureConnect');
      return look(secure);
    });
  } finally {
    socket.on('error', () => undefined).destroy();
  }
}

async function askForTls(socket: Socket): Promise<void> {
  socket.write(sslRequest);
  const answer = String(await event(socket, 'data'));
  socket.pause();
  if (answer.startsWith('S')) return;
  throw new TlsRefusedError(
    answer.startsWith('N') ? 'PostgreSQL answers that it does no TLS' : 'no answer of PostgreSQL',
  );
}

/** The next event of a socket, or the error that comes instead. */
function event(socket: Socket, name: 'connect' | 'secureConnect' | 'data'): Promise<unknown> {
  return new Promise((resolve, reject) => {
    socket.once(name, resolve);
    socket.on('error', reject);
    socket.once('close', () => reject(new Error('the server ends the connection')));
  });
}
