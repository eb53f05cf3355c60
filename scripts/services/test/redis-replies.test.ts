import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { askRedis } from '../src/redis/ask-redis';
import { RespReader } from '../src/redis/resp-reader';

describe('RespReader', () => {
  it.each([
    ['a line', '+OK\r\n', 'OK'],
    ['an error', '-ERR no\r\n', new Error('ERR no')],
    ['a number', ':-42\r\n', -42],
    ['a text, counted in bytes', '$4\r\né\r\n\r\n', 'é\r\n'],
    ['no text', '$-1\r\n', null],
    ['a list of lists', '*2\r\n*1\r\n:1\r\n$0\r\n\r\n', [[1], '']],
    ['no list', '*-1\r\n', null],
  ])('reads %s', (_, text, reply) => {
    const reader = new RespReader(Buffer.from(`${text}+next\r\n`));
    expect(reader.next()).toEqual(reply);
    expect(reader.next()).toBe('next');
    expect(reader.next()).toBeUndefined();
  });

  it('reads nothing of a reply of which any byte is still to come', () => {
    const bytes = Buffer.from('*3\r\n$2\r\nab\r\n:1\r\n*1\r\n+x\r\n');
    for (let length = 0; length < bytes.length; length += 1) {
      expect(new RespReader(bytes.subarray(0, length)).next()).toBeUndefined();
    }
    expect(new RespReader(bytes).next()).toEqual(['ab', 1, ['x']]);
  });
});

describe('askRedis', () => {
  it('takes a silent server for none', async () => {
    await expect(askServer('silent')).rejects.toThrow('no answer within 50 ms');
  });

  it('takes a connection that closes for no answer', async () => {
    await expect(askServer('closed')).rejects.toThrow('closed without an answer');
  });

  it('logs in with the name too, before it asks, and waits for both answers', async () => {
    expect(await askServer('answering')).toBe(
      '*3\r\n$4\r\nAUTH\r\n$2\r\nme\r\n$1\r\n@\r\n*1\r\n$4\r\nPING\r\n',
    );
  });

  it('rejects where TLS is asked of a server without it', async () => {
    await expect(askServer('answering', 'rediss')).rejects.toThrow('wrong version number');
  });
});

async function askServer(kind: 'silent' | 'closed' | 'answering', protocol = 'redis'): Promise<unknown> {
  const server = createServer((socket) => {
    if (kind === 'closed') socket.end();
    if (kind !== 'answering') return;
    socket.on('error', () => {});
    socket.once('data', (asked) => {
      socket.write(`+OK\r\n$${asked.length}\r\n`, () => socket.write(`${asked}\r\n`));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as { port: number };
  try {
    return await askRedis(`${protocol}://me:%40@localhost:${port}`, ['PING'], {
      timeoutMs: kind === 'silent' ? 50 : 5_000,
    });
  } finally {
    server.close();
  }
}
