import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type RedisReply, RespReader } from './resp-reader';

/**
 * Sends one command to the Redis at a URL, on a connection of its own.
 *
 * @throws Error that Redis answered, or that the connection failed by
 */
export function askRedis(url: string, words: readonly string[], timeoutMs = 1_000): Promise<RedisReply> {
  const { username, password } = new URL(url);
  const login = ['AUTH', ...(username ? [username] : []), password].map(decodeURIComponent);
  const commands = password ? [login, words] : [words];
  return new Promise((resolve, reject) => {
    const socket = connect(url);
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

function connect(url: string): Socket {
  const { protocol, hostname, port } = new URL(url);
  const target = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) };
  return protocol === 'rediss:' ? connectTls({ ...target, servername: target.host }) : connectTcp(target);
}

function encode(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}
