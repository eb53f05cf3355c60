import type { Socket } from 'node:net';
import { happens } from './connection';
import { PlaintextError } from './plaintext-error';

// PostgreSQL's protocol, as far as it is spoken before and without TLS.
// https://www.postgresql.org/docs/18/protocol-message-formats.html

/** SSLRequest: its length, and 1234 and 5679 as 16 bits each. */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/**
 * Asks a server to turn to TLS.
 *
 * @throws PlaintextError for one that does not, and for one that says more than that: what comes before the handshake
 * may be anybody's, and must not be taken for what comes after it (CVE-2021-23222)
 */
export async function turnToTls(socket: Socket): Promise<void> {
  socket.write(sslRequest);
  const answer = (await happens(socket, 'data')) as Buffer;
  // What comes next is the handshake's.
  socket.pause();
  if (answer.length === 1 && answer[0] === code('S')) return;
  if (answer.length === 1 && answer[0] === code('N')) {
    throw new PlaintextError('not encrypted: PostgreSQL answers that it does no TLS');
  }
  throw new PlaintextError(
    answer[0] === code('S')
      ? 'more than an answer comes before the handshake: somebody is in between'
      : 'the answer to the request for TLS is not PostgreSQL’s',
  );
}

/** Who logs in without TLS. */
export interface Startup {
  readonly user: string;
  readonly database: string;
  /** As a standby does, for which other rules of pg_hba.conf hold. */
  readonly replication: boolean;
}

/**
 * Begins a session without TLS, and goes no further: a server that asks for the password would have taken it.
 *
 * @returns `undefined` where it refuses for another reason than the missing encryption
 */
export async function startsInPlaintext(socket: Socket, startup: Startup): Promise<boolean | undefined> {
  socket.write(startupMessage(startup));
  const answer = (await happens(socket, 'data').catch(() => undefined)) as Buffer | undefined;
  if (answer === undefined) return false;
  if (answer[0] === code('R')) return true;
  // 28000: no entry of pg_hba.conf lets such a connection in.
  return answer[0] === code('E') && answer.includes('C28000\0') ? false : undefined;
}

function startupMessage({ user, database, replication }: Startup): Buffer {
  const words = ['user', user, 'database', database, ...(replication ? ['replication', 'true'] : [])];
  const body = Buffer.from(`${words.map((word) => `${word}\0`).join('')}\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8, 0);
  // Version 3.0.
  head.writeInt32BE(196_608, 4);
  return Buffer.concat([head, body]);
}

function code(letter: string): number {
  return letter.charCodeAt(0);
}
