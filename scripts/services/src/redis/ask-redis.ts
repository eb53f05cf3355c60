import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type RedisReply, RespReader } from './resp-reader';

/** How a Redis is asked. */
export interface AskOptions {
  /** @default 1_000 */
  readonly timeoutMs?: number | undefined;
  /** Whom to trust, as PEM, where the URL is `rediss://`. @default the authorities that Node.js trusts */
  readonly ca?: string | undefined;
}

/**
 * Sends one command to the Redis at a URL, on a connection of its own.
 *
 * @throws Error that Redis answered, or that the connection failed by
 */
export function askRedis(
  url: string,
  words: readonly string[],
  { timeoutMs = 1_000, ca }: AskOptions = {},
): Promise<RedisReply> {
  const { username, password } = new URL(url);
  const login = ['AUTH', ...(username ? [username] : []), password].map(decodeURIComponent);
  const commands = password ? [login, words] : [words];
  return new Promise((resolve, reject) => {
    const socket = connect(url, ca);
    const finish = (reply: RedisReply): void => {
      socket.destroy();
      resolve(reply);
    };
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    let heard = Buffer.alloc(0);
    socket.setTimeout(timeoutMs, () => fail(new Error(`no answer within ${timeoutMs} ms`)));
    socket.once('error', fail);
    socket.once('close', () => fail(new Error('closed without an answer')));
    socket.on('data', (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk]);
      const reader = new RespReader(heard);
      const replies = commands.map(() => reader.next());
      // A refused login is the answer to what follows it.
      const error = replies.find((reply) => reply instanceof Error);
      if (error) return fail(error);
      const answer = replies.at(-1);
      if (answer !== undefined) finish(answer);
    });
    socket.write(commands.map(encode).join(''));
  });
}

function connect(url: string, ca: string | undefined): Socket {
  const { protocol, hostname, port } = new URL(url);
  const target = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) };
  if (protocol !== 'rediss:') return connectTcp(target);
  // An address is no name that a server could be asked for by (RFC 6066 §3).
  const servername = isIP(target.host) ? '' : target.host;
  return connectTls({ ...target, servername, ...(ca !== undefined && { ca, minVersion: 'TLSv1.3' }) });
}

function encode(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}
