import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import { createLifecycle, type LifecycleOptions } from '../../src';
import { attachServer, type NodeListener } from '../../src/http';
import { ask, closeServers, listen } from '../support/local-server';

const drain = { readinessGraceMs: 0, hooksTimeoutMs: 1_000, timeoutMs: 20_000 };
const agent = new Agent({ keepAlive: true });
afterEach(() => {
  agent.destroy();
  closeServers();
});

async function serve(listener: NodeListener, options: LifecycleOptions = {}) {
  const lifecycle = createLifecycle({ drain, ...options });
  const { port, server } = await listen(listener);
  await attachServer(lifecycle, server, { signals: false });
  return { lifecycle, port, server };
}

/** A listener whose answers a test gives. */
function heldAnswers() {
  const held: ServerResponse[] = [];
  let arrived: (() => void) | undefined;
  const listener: NodeListener = (_, response) => {
    held.push(response);
    arrived?.();
  };
  const next = () =>
    new Promise<void>((resolve) => {
      arrived = resolve;
    });
  return { held, listener, next };
}

async function openStream(port: number, path: string): Promise<IncomingMessage> {
  const [response] = (await once(get({ host: '127.0.0.1', port, path, agent }), 'response')) as [
    IncomingMessage,
  ];
  response.on('error', () => undefined);
  return response;
}

async function endOf(stream: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

describe('a server that is drained', () => {
  it('answers what it has begun, tells the connection to end, and takes no more', async () => {
    const { held, listener, next } = heldAnswers();
    const { lifecycle, port } = await serve(listener);
    const arrival = next();
    const answer = ask(port, '/', { agent });
    await arrival;
    const closing = lifecycle.close();
    held[0]?.end('in time');
    expect(await answer).toMatchObject({ status: 200, text: 'in time', headers: { connection: 'close' } });
    expect(await closing).toMatchObject({ clean: true, lost: { requests: 0, streams: 0 } });
    await expect(ask(port, '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('serves on during the grace, and lets each connection end', async () => {
    let whileDraining: (() => void) | undefined;
    const { lifecycle, port } = await serve((_, response) => response.end('still'), {
      drain: { ...drain, readinessGraceMs: 200 },
    });
    const before = await ask(port, '/', { agent });
    expect(before.headers.connection).toBe('keep-alive');
    lifecycle.draining.addEventListener('abort', () => whileDraining?.());
    const closing = lifecycle.close();
    expect(await ask(port, '/', { agent })).toMatchObject({
      text: 'still',
      headers: { connection: 'close' },
    });
    expect(await closing).toMatchObject({ clean: true });
  });

  it('ends event streams, whichever way their headers were given', async () => {
    const { lifecycle, port } = await serve((request, response) => {
      if (request.url === '/raw')
        response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
      else response.setHeader('content-type', 'text/event-stream').writeHead(200);
      response.write('data: 1\n\n');
    });
    const streams = await Promise.all(['/raw', '/set'].map((path) => openStream(port, path)));
    const closing = lifecycle.close();
    expect(await Promise.all(streams.map(endOf))).toEqual(['data: 1\n\n', 'data: 1\n\n']);
    expect(await closing).toMatchObject({ clean: true, lost: { requests: 0, streams: 2 } });
  });

  it('lets streams end by themselves first', async () => {
    const streams = new Set<ServerResponse>();
    const { lifecycle, port } = await serve(
      (_, response) => {
        streams.add(response.writeHead(200, { 'Content-Type': 'text/event-stream' }));
        response.write('data: 1\n\n');
      },
      { onDrain: [{ close: async () => void [...streams].map((stream) => stream.end('data: bye\n\n')) }] },
    );
    const stream = await openStream(port, '/');
    const closing = lifecycle.close();
    expect(await endOf(stream)).toBe('data: 1\n\ndata: bye\n\n');
    expect(await closing).toMatchObject({ lost: { streams: 0 } });
  });

  it('cuts off a request that does not end in time, and says so', async () => {
    const { listener, next } = heldAnswers();
    const { lifecycle, port } = await serve(listener);
    const arrival = next();
    const answer = ask(port, '/');
    const refused = expect(answer).rejects.toMatchObject({ code: 'ECONNRESET' });
    await arrival;
    expect(await lifecycle.close({ timeoutMs: 1_050 })).toMatchObject({
      clean: false,
      lost: { requests: 1 },
    });
    await refused;
  });

  it('closes connections that were opened and never used', async () => {
    const { lifecycle, port, server } = await serve((_, response) => response.end());
    const arrival = once(server, 'connection');
    const unused = await connected(port);
    await arrival;
    const closed = once(unused, 'close');
    expect(await lifecycle.close()).toMatchObject({ clean: true });
    await closed;
  });

  it('breaks off half a request, and does not wait for the rest', async () => {
    const { lifecycle, port, server } = await serve((_, response) => response.end());
    const arrival = once(server, 'connection') as Promise<[Socket]>;
    const half = await connected(port);
    const [socket] = await arrival;
    half.write('GET / HTTP/1.1\r\nHo');
    while (socket.bytesRead === 0) await settle();
    half.on('error', () => undefined);
    const closed = once(half, 'close');
    const report = await lifecycle.close();
    expect(report).toMatchObject({ clean: true, lost: { requests: 0, streams: 0 } });
    // It would be cut off after 25 seconds.
    expect(report.durationMs).toBeLessThan(15_000);
    await closed;
  });

  it('breaks off upgraded connections with the event streams, and says so', async () => {
    const { lifecycle, port, server } = await serve((_, response) => response.end());
    server.on('upgrade', (_, socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
    const socket = await connected(port);
    const upgraded = once(socket, 'data');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n');
    await upgraded;
    socket.on('error', () => undefined);
    const closed = once(socket, 'close');
    const report = await lifecycle.close();
    expect(report).toMatchObject({ clean: true, lost: { requests: 0, streams: 1 } });
    // It would be cut off after 25 seconds.
    expect(report.durationMs).toBeLessThan(15_000);
    await closed;
  });

  it('that never listened is no obstacle', async () => {
    const lifecycle = createLifecycle({ drain });
    await attachServer(lifecycle, createServer(), { signals: false });
    expect(await lifecycle.close()).toMatchObject({ clean: true });
  });
});

describe('a signal during the start', () => {
  const exit = jest.spyOn(process, 'exit').mockImplementation(() => undefined as never);

  it('lets nobody go on behind an await, throws nothing, and closes the hooks', async () => {
    const log: string[] = [];
    const exited = new Promise<void>((resolve) => {
      exit.mockImplementationOnce((() => resolve()) as never);
    });
    const lifecycle = createLifecycle({
      drain,
      onStart: [() => new Promise(() => undefined)],
      onShutdown: [{ close: async () => void log.push('database') }],
    });
    const { server } = await listen((_, response) => response.end());
    attachServer(lifecycle, server, { onClosed: () => log.push('closed') }).then(
      () => log.push('went on'),
      () => log.push('threw'),
    );
    process.emit('SIGTERM', 'SIGTERM');
    await exited;
    expect(log).toEqual(['database', 'closed']);
    expect(process.exitCode).toBe(0);
    process.exitCode = undefined;
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.removeAllListeners(name);
  });
});

describe('attachServer', () => {
  it('counts a server once, however often it is attached', async () => {
    const { lifecycle, server, port } = await serve((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('data: 1\n\n');
    });
    await attachServer(lifecycle, server, { signals: false });
    const stream = await openStream(port, '/');
    const closing = lifecycle.close();
    await endOf(stream);
    expect(await closing).toMatchObject({ lost: { streams: 1 } });
  });

  it.each([false, ['SIGTERM']] as const)('fails as the start does, with signals %p', async (signals) => {
    const cause = new Error('no database');
    const lifecycle = createLifecycle({ onStart: [() => Promise.reject(cause)] });
    await expect(attachServer(lifecycle, createServer(), { signals })).rejects.toMatchObject({
      code: 'UNITE_OPS_START_FAILED',
      cause,
    });
    process.removeAllListeners('SIGTERM');
  });

  it('refuses what is no server, and options that mean nothing', () => {
    const lifecycle = createLifecycle();
    const attach = (server: unknown, options?: object) => () =>
      attachServer(lifecycle, server as never, options);
    expect(attach({})).toThrow('attachServer: server must be a http or https server of Node');
    expect(attach(undefined)).toThrow('such as app.listen(3000) returns, got undefined');
    expect(() => attachServer(undefined as never, createServer())).toThrow(
      'attachServer: lifecycle must be what createLifecycle returned, got undefined',
    );
    expect(attach(createServer(), { signal: [] })).toThrow('attachServer: unknown option "signal"');
    expect(attach(createServer(), { signals: 'SIGTERM' })).toThrow(
      'attachServer: option "signals" must be an array of signals, or false, got "SIGTERM"',
    );
  });
});
