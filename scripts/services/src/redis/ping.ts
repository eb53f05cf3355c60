import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Whether the Redis at a URL lets us in and answers `PING`. */
export function answersPing(url: string, timeoutMs = 1_000): Promise<boolean> {
  const { protocol, hostname, port, username, password } = new URL(url);
  const target = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) };
  const login = password ? [...(username ? [username] : []), password].map(decodeURIComponent) : [];
  return new Promise((resolve) => {
    const socket =
      protocol === 'rediss:' ? connectTls({ ...target, servername: target.host }) : connectTcp(target);
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    let heard = '';
    socket.setTimeout(timeoutMs, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
    socket.on('data', (chunk) => {
      heard += chunk;
      if (heard.includes('+PONG')) finish(true);
      else if (/^-/m.test(heard)) finish(false);
    });
    if (login.length > 0) socket.write(command('AUTH', ...login));
    socket.write(command('PING'));
  });
}

function command(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}
