import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket, connect as tcpConnect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { ServicesError } from '../src/errors';
import { startPostgres } from '../src/postgres/start-postgres';
import { cut } from '../src/proxy/cut';
import type { FaultProxy } from '../src/proxy/proxy-types';
import { startFaultProxy } from '../src/proxy/start-fault-proxy';
import type { PostgresCluster } from '../src/types';
import { eventually, query } from './support';

const mebibyte = 1_048_576;

describe('startFaultProxy', () => {
  let server: TestServer;
  let proxy: FaultProxy;
  let clients: Peer[];

  beforeEach(async () => {
    server = await startEcho();
    proxy = await startFaultProxy({ target: { host: '127.0.0.1', port: server.port } });
    clients = [];
  });

  afterEach(async () => {
    await proxy.close();
    for (const { socket } of clients) socket.destroy();
    await server.close();
  });

  /** A client through the proxy. */
  async function open(): Promise<Peer> {
    const socket = tcpConnect({ port: proxy.port, host: proxy.host, allowHalfOpen: true });
    const peer = new Peer(socket);
    clients.push(peer);
    await Promise.race([peer.connected, peer.closed]);
    return peer;
  }

  /** A client that the server knows, and the server's end of it. */
  async function openAndGreet(): Promise<{ client: Peer; remote: Peer }> {
    const client = await open();
    client.socket.write('hello ');
    await eventually(() => client.heard === 'hello ');
    return { client, remote: server.peers.at(-1) as Peer };
  }

  describe('pass', () => {
    it('carries bytes and the ends of both directions', async () => {
      const client = await open();
      const sent = 'x'.repeat(5 * mebibyte);
      client.socket.end(sent);
      await client.closed;
      expect(client.heard).toBe(sent);
      expect(client.end).toBe('end');
      await eventually(() => proxy.connections === 0);
    });

    it('counts what it carried', async () => {
      await openAndGreet();
      expect(proxy.status()).toEqual({
        mode: 'pass',
        accepted: 1,
        connections: [{ requestBytes: 6, replyBytes: 6, droppedRequestBytes: 0, droppedReplyBytes: 0 }],
      });
    });

    it('lets a client go on after the server has said its last', async () => {
      const { client, remote } = await openAndGreet();
      remote.socket.unpipe().end().resume();
      await eventually(() => client.end === 'end');
      client.socket.end('goodbye');
      await Promise.all([client.closed, remote.closed]);
      expect(remote.heard).toBe('hello goodbye');
    });

    it('makes the sender wait for a slow reader', async () => {
      const { client, remote } = await openAndGreet();
      remote.socket.pause();
      client.socket.end(Buffer.alloc(64 * mebibyte, 'y'));
      await standstill(() => client.socket.bytesWritten - client.socket.writableLength);
      expect(proxy.status().connections[0]?.requestBytes).toBeLessThan(32 * mebibyte);
      remote.socket.resume();
      await client.closed;
      expect(client.heard).toHaveLength(64 * mebibyte + 'hello '.length);
    });

    it('hands on a reset, from either side', async () => {
      const first = await openAndGreet();
      first.client.socket.resetAndDestroy();
      await first.remote.closed;
      const second = await openAndGreet();
      second.remote.socket.resetAndDestroy();
      await second.client.closed;
      expect([first.remote.end, second.client.end]).toEqual(['ECONNRESET', 'ECONNRESET']);
      await eventually(() => proxy.connections === 0);
    });

    it('resets the client of a server that is down', async () => {
      await server.close();
      const client = await open();
      await client.closed;
      expect(client.end).toBe('ECONNRESET');
    });
  });

  describe('delay', () => {
    it('is as late as it says, in each direction', async () => {
      const { client } = await openAndGreet();
      await proxy.set({ mode: 'delay', delayMs: 60 });
      const sentAtMs = performance.now();
      client.socket.end('late');
      await eventually(() => client.heard === 'hello late');
      expect(performance.now() - sentAtMs).toBeGreaterThanOrEqual(119);
      await client.closed;
      expect(client.end).toBe('end');
    });

    it('keeps every byte in order, however the delay changes on the way', async () => {
      const step = fc.record({
        bytes: fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme-ascii' }),
        delayMs: fc.nat({ max: 5 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
          await proxy.set('pass');
          const client = await open();
          for (const { bytes, delayMs } of steps) {
            await proxy.set(delayMs === 0 ? { mode: 'pass' } : { mode: 'delay', delayMs });
            client.socket.write(bytes);
          }
          client.socket.end();
          await client.closed;
          expect(client.heard).toBe(steps.map(({ bytes }) => bytes).join(''));
        }),
        { numRuns: 25 },
      );
    });

    it('hands on at once what is on its way when it ends', async () => {
      const { client } = await openAndGreet();
      await proxy.set({ mode: 'delay', delayMs: 3_600_000 });
      client.socket.write('late');
      await eventually(() => client.socket.bytesWritten === 10 && client.socket.writableLength === 0);
      await proxy.set('pass');
      await eventually(() => client.heard === 'hello late');
    });

    it('holds a mebibyte and then makes the sender wait', async () => {
      const { client } = await openAndGreet();
      await proxy.set({ mode: 'delay', delayMs: 3_600_000 });
      client.socket.write(Buffer.alloc(64 * mebibyte));
      await standstill(() => client.socket.bytesWritten - client.socket.writableLength);
      await proxy.set('blackhole');
      // At this moment: what was on its way, before anything more is read.
      const held = proxy.status().connections[0]?.droppedRequestBytes;
      expect(held).toBeGreaterThanOrEqual(mebibyte);
      expect(held).toBeLessThanOrEqual(mebibyte + 65_536);
      await eventually(() => client.socket.writableLength === 0);
    });

    it('lets a reset overtake nothing', async () => {
      const { client, remote } = await openAndGreet();
      await proxy.set({ mode: 'delay', delayMs: 40 });
      client.socket.write('before');
      await eventually(() => client.socket.writableLength === 0);
      client.socket.resetAndDestroy();
      await remote.closed;
      expect(remote.heard).toBe('hello before');
    });
  });

  describe('blackhole', () => {
    it('lets bytes and ends vanish both ways, and cuts off what lost some', async () => {
      const { client, remote } = await openAndGreet();
      await proxy.set('blackhole');
      client.socket.write('request');
      remote.socket.end('answer');
      await eventually(() => dropped(proxy)[0]?.join() === '7,6');
      expect(client.heard + remote.heard).toBe('hello hello ');

      await proxy.set('pass');
      await Promise.all([client.closed, remote.closed]);
      expect(client.end).toBe('ECONNRESET');
      expect(remote.heard).toBe('hello ');
      await eventually(() => proxy.connections === 0);
    });

    it('swallows what a slow reader has not got yet', async () => {
      const { client, remote } = await openAndGreet();
      remote.socket.pause();
      client.socket.write(Buffer.alloc(64 * mebibyte));
      await standstill(() => client.socket.bytesWritten - client.socket.writableLength);
      await proxy.set('blackhole');
      await eventually(() => client.socket.writableLength === 0);
    });

    it('keeps a connection that lost nothing', async () => {
      const { client } = await openAndGreet();
      await proxy.set('blackhole');
      await proxy.set('pass');
      client.socket.end('again');
      await client.closed;
      expect(client.heard).toBe('hello again');
    });

    it('accepts new connections, which reach nobody', async () => {
      await proxy.set('blackhole');
      const [client, silent] = [await open(), await open()];
      client.socket.write('anybody?');
      await eventually(() => dropped(proxy).join(' ') === '8,0 0,0');
      expect(server.peers).toEqual([]);
      await proxy.set({ mode: 'delay', delayMs: 10 });
      await Promise.all([client.closed, silent.closed]);
      expect([client.end, silent.end]).toEqual(['ECONNRESET', 'ECONNRESET']);
    });

    it('forgets a new connection whose client gave up', async () => {
      await proxy.set('blackhole');
      const client = await open();
      client.socket.resetAndDestroy();
      await eventually(() => proxy.status().accepted === 1 && proxy.connections === 0);
    });

    it('keeps the death of a client from the server', async () => {
      const { client, remote } = await openAndGreet();
      await proxy.set('blackhole');
      client.socket.resetAndDestroy();
      remote.socket.write('still there?');
      await eventually(() => dropped(proxy)[0]?.join() === '0,12');
      expect(remote.end).toBeUndefined();
      await proxy.set('pass');
      await remote.closed;
      expect(remote.end).toBe('ECONNRESET');
    });
  });

  describe('dropReply', () => {
    it('hands on requests and loses replies', async () => {
      const { client, remote } = await openAndGreet();
      await proxy.set('dropReply');
      client.socket.write('request');
      await eventually(() => dropped(proxy)[0]?.join() === '0,7');
      expect(remote.heard).toBe('hello request');
      expect(client.heard).toBe('hello ');

      await proxy.set('blackhole');
      await proxy.set('dropReply');
      client.socket.write(' and more');
      await eventually(() => remote.heard === 'hello request and more');
      await proxy.set('pass');
      await client.closed;
      expect(client.end).toBe('ECONNRESET');
      expect(client.heard).toBe('hello ');
    });

    it('begins with the request that is waited for, on its connection alone', async () => {
      const { client } = await openAndGreet();
      const { client: other } = await openAndGreet();
      await proxy.set({ mode: 'dropReply', whenRequest: (bytes) => bytes.includes('COMMIT') });
      client.socket.write('INSERT ');
      await eventually(() => client.heard === 'hello INSERT ');
      client.socket.write('COMMIT');
      await eventually(() => dropped(proxy)[0]?.join() === '0,6');
      client.socket.write('SELECT');
      await eventually(() => dropped(proxy)[0]?.join() === '0,12');
      other.socket.write('SELECT');
      await eventually(() => other.heard === 'hello SELECT');
      expect(client.heard).toBe('hello INSERT ');

      await proxy.set('pass');
      await client.closed;
      other.socket.end();
      await other.closed;
      expect([client.end, other.end]).toEqual(['ECONNRESET', 'end']);
    });

    it('keeps the end of the server from the client', async () => {
      const { client, remote } = await openAndGreet();
      await proxy.set('dropReply');
      remote.socket.resetAndDestroy();
      client.socket.write('into the void');
      await eventually(() => dropped(proxy)[0]?.join() === '13,0');
      expect(client.end).toBeUndefined();
    });

    it('resets a connection whose request the caller cannot judge, and warns', async () => {
      const warn = jest.spyOn(process, 'emitWarning').mockReturnValue();
      const { client } = await openAndGreet();
      await proxy.set({
        mode: 'dropReply',
        whenRequest: () => {
          throw new Error('a mistake');
        },
      });
      client.socket.write('request');
      await client.closed;
      expect(client.end).toBe('ECONNRESET');
      expect(server.peers[0]?.heard).toBe('hello ');
      expect(warn).toHaveBeenCalledWith(
        expect.stringContaining('a mistake'),
        expect.objectContaining({ code: 'UNITE_FAULT_PROXY_PREDICATE' }),
      );
      warn.mockRestore();
    });
  });

  describe('reset', () => {
    it('resets what is open and what comes, until it is over', async () => {
      const { client, remote } = await openAndGreet();
      await proxy.set('reset');
      const late = await open();
      await Promise.all([client.closed, remote.closed, late.closed]);
      expect([client.end, remote.end, late.end]).toEqual(['ECONNRESET', 'ECONNRESET', 'ECONNRESET']);
      expect(server.peers).toHaveLength(1);

      await proxy.set('pass');
      await openAndGreet();
    });

    it('happens once by resetAll', async () => {
      const { client } = await openAndGreet();
      proxy.resetAll();
      await client.closed;
      expect(client.end).toBe('ECONNRESET');
      expect(proxy.mode).toBe('pass');
      await openAndGreet();
    });
  });

  describe('refuse', () => {
    it('refuses what comes, leaves what is open, and returns to its port', async () => {
      const { client } = await openAndGreet();
      const { port } = proxy;
      await proxy.set('refuse');
      const late = await open();
      expect(late.end).toBe('ECONNREFUSED');
      client.socket.write('still');
      await eventually(() => client.heard === 'hello still');

      await proxy.set('pass');
      expect(proxy.port).toBe(port);
      await openAndGreet();
    });

    it('says when its port was taken meanwhile, and takes it once it is free', async () => {
      await proxy.set('refuse');
      const thief = createServer().listen(proxy.port, proxy.host);
      await once(thief, 'listening');
      await expect(proxy.set('pass')).rejects.toMatchObject({
        code: 'PROXY_FAILED',
        message: expect.stringContaining(`port ${proxy.port}`),
      });
      expect(proxy.mode).toBe('refuse');
      thief.close();
      await proxy.set('pass');
      await openAndGreet();
    });

    it('ends where the last of several changes ends', async () => {
      await Promise.all([proxy.set('refuse'), proxy.set('pass'), proxy.set('refuse')]);
      expect(proxy.mode).toBe('refuse');
      expect((await open()).end).toBe('ECONNREFUSED');
    });
  });

  describe('close', () => {
    it('ends every connection, in every mode, and never rejects', async () => {
      const passing = await openAndGreet();
      await proxy.set({ mode: 'delay', delayMs: 3_600_000 });
      passing.client.socket.end('never arrives');
      await proxy.set('blackhole');
      const lost = await open();
      await Promise.all([proxy.close(), proxy[Symbol.asyncDispose]()]);
      await Promise.all([passing.client.closed, passing.remote.closed, lost.closed]);
      expect(proxy.connections).toBe(0);
      expect((await open()).end).toBe('ECONNREFUSED');
      await expect(proxy.set('pass')).rejects.toMatchObject({ code: 'PROXY_FAILED' });
      await expect(proxy.close()).resolves.toBeUndefined();
    });
  });

  describe('url', () => {
    it.each([
      [
        'postgres://user:p%40ss@db.example/app?sslmode=disable',
        'postgres://user:p%40ss@HOST/app?sslmode=disable',
      ],
      ['redis://:secret@[::1]:6380/2', 'redis://:secret@HOST/2'],
      ['http://db.example/path', 'http://HOST/path'],
    ])('leads %s through the proxy', (original, expected) => {
      expect(proxy.url(original)).toBe(expected.replace('HOST', `127.0.0.1:${proxy.port}`));
    });

    it('leads to a target that was given as a URL', async () => {
      await using other = await startFaultProxy({ target: `http://localhost:${server.port}/path` });
      expect(other.url()).toBe(`http://127.0.0.1:${other.port}/path`);
      const socket = tcpConnect({ port: other.port, host: other.host });
      socket.end('through');
      expect(await text(socket)).toBe('through');
    });

    it('refuses what names no host, without repeating it', () => {
      for (const original of ['nonsense:secret', 'postgres:///app', undefined]) {
        expect(() => proxy.url(original)).toThrow(
          new ServicesError('INVALID_OPTION', 'startFaultProxy: not a URL that names a host'),
        );
      }
    });
  });

  it.each([
    'postgres://db.example:0/app',
    'gopher://db.example',
    { host: '', port: 1 },
    { host: 'db.example', port: 65_536 },
    { host: 'db.example', port: 1.5 },
  ])('refuses the target %j', async (target) => {
    await expect(startFaultProxy({ target })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it.each([
    [{ mode: 'slow' }, /"mode" must be one of pass, delay, .*got slow/],
    ['delay', /"delayMs" must be a positive number of milliseconds, got undefined/],
    [{ mode: 'delay', delayMs: -1 }, /got -1/],
    [{ mode: 'pass', delayMs: 10 }, /"delayMs" does not belong to mode "pass"/],
    [{ mode: 'dropReply', whenRequest: 'COMMIT' }, /"whenRequest" must be a function/],
  ])('refuses the fault %j', async (fault, message) => {
    await expect(proxy.set(fault as never)).rejects.toThrow(message);
    expect(proxy.mode).toBe('pass');
  });
});

describe('cut', () => {
  let server: TestServer;

  beforeEach(async () => {
    server = await startEcho();
  });

  afterEach(() => server.close());

  it('ends a connection before it is there', async () => {
    const connected = jest.fn();
    const socket = tcpConnect(server.port, '127.0.0.1', connected);
    const { closed } = new Peer(socket);
    cut(socket);
    await closed;
    expect(connected).not.toHaveBeenCalled();
  });

  it('ends a connection whose own end is on its way', async () => {
    const socket = tcpConnect(server.port, '127.0.0.1');
    const { connected, closed } = new Peer(socket);
    await connected;
    socket.end();
    cut(socket);
    await closed;
  });
});

describe('startFaultProxy before a real PostgreSQL', () => {
  let cluster: PostgresCluster;
  let proxy: FaultProxy;

  beforeEach(async () => {
    cluster = await startPostgres({ replicas: 0 });
    proxy = await startFaultProxy({ target: cluster.primaryUrl, name: 'primary' });
  });

  afterEach(async () => {
    await proxy?.close();
    await cluster?.close();
  });

  it('hides a commit from the client that made it', async () => {
    await query(proxy.url(), 'CREATE TABLE orders (id int)');
    const client = new pg.Client({ connectionString: proxy.url(), query_timeout: 1_500 });
    client.on('error', () => {});
    await client.connect();
    await proxy.set({ mode: 'dropReply', whenRequest: (bytes) => bytes.includes('COMMIT') });
    await client.query('BEGIN');
    await client.query('INSERT INTO orders VALUES (1)');
    await expect(client.query('COMMIT')).rejects.toThrow('Query read timeout');
    expect(await query(cluster.primaryUrl, 'SELECT id FROM orders')).toEqual([{ id: 1 }]);
  });

  it('cuts a pool off, which is well again afterwards', async () => {
    const pool = new pg.Pool({ connectionString: proxy.url(), max: 2, query_timeout: 1_500 });
    pool.on('error', () => {});
    pool.on('connect', (client) => client.on('error', () => {}));
    try {
      await pool.query('SELECT 1');
      await proxy.set('blackhole');
      await expect(pool.query('SELECT 2')).rejects.toThrow('Query read timeout');
      await proxy.set('pass');
      const answer = await eventually(() => pool.query('SELECT 3 AS n').catch(() => undefined));
      expect(answer?.rows).toEqual([{ n: 3 }]);
    } finally {
      await proxy.set('reset');
      await pool.end();
    }
  });
});

/** One end of a connection: what it heard, and how it ended. */
class Peer {
  readonly connected: Promise<void>;
  readonly closed: Promise<void>;
  /** `end` for an orderly end of the other side, else the error's code. */
  end: string | undefined;
  readonly #chunks: Buffer[] = [];

  constructor(readonly socket: Socket) {
    socket.on('data', (chunk) => this.#chunks.push(chunk));
    socket.on('end', () => {
      this.end ??= 'end';
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.end = error.code;
    });
    this.connected = new Promise((resolve) => socket.on('connect', () => resolve()));
    this.closed = new Promise((resolve) => socket.on('close', () => resolve()));
  }

  get heard(): string {
    return Buffer.concat(this.#chunks).toString();
  }
}

interface TestServer {
  readonly port: number;
  /** The server's ends of the connections, in order. */
  readonly peers: Peer[];
  close(): Promise<void>;
}

/** A server that says everything again. */
async function startEcho(): Promise<TestServer> {
  const peers: Peer[] = [];
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    peers.push(new Peer(socket));
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    peers,
    close: async () => {
      for (const { socket } of peers) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Requests and replies that each connection lost, in bytes. */
function dropped(proxy: FaultProxy): [number, number][] {
  return proxy
    .status()
    .connections.map(({ droppedRequestBytes, droppedReplyBytes }) => [
      droppedRequestBytes,
      droppedReplyBytes,
    ]);
}

/** Waits until a number is above zero and moves no more. */
async function standstill(measure: () => number): Promise<void> {
  let last = -1;
  let unchanged = 0;
  await eventually(() => {
    const now = measure();
    unchanged = now === last && now > 0 ? unchanged + 1 : 0;
    last = now;
    return unchanged >= 20;
  });
}
