import { once } from 'node:events';
import { Agent, type IncomingMessage, type Server } from 'node:http';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import { type CheckResult, createLifecycle, type LifecycleOptions } from '../../src';
import { healthRoute, registerLifecycle, withLifecycle } from '../../src/next';
import { ask, closeServers, listen } from '../support/local-server';

afterEach(() => {
  closeServers();
  process.exitCode = undefined;
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.removeAllListeners(name);
});

const argsOf = (page: string[] | string | undefined) => ({ params: Promise.resolve({ page }) });

describe('healthRoute', () => {
  it('answers for the segment "page"', async () => {
    const lifecycle = createLifecycle();
    const GET = healthRoute(lifecycle);
    const answer = async (page: string[] | string | undefined, headers = {}) =>
      GET(new Request('http://crm/health', { headers }), argsOf(page));
    expect((await answer(['live'])).status).toBe(200);
    expect((await answer('live')).status).toBe(200);
    expect((await answer(['startup'])).status).toBe(503);
    await lifecycle.start();
    const ready = await answer(['ready'], { 'x-health-nonce': '0123456789' });
    expect(await ready.json()).toMatchObject({ status: 'up' });
    expect(ready.headers.get('x-health-nonce')).toBe('0123456789');
    expect((await answer(['ready', 'write'])).status).toBe(404);
    expect((await answer(undefined)).status).toBe(404);
  });

  it('refuses options that mean nothing', () => {
    expect(() => healthRoute(createLifecycle(), { drainingStatus: 200 as never })).toThrow(
      'healthRoute: option "drainingStatus" must be 404 or 503, got 200',
    );
  });
});

describe('withLifecycle', () => {
  const checks = { database: (): CheckResult => ({ groups: { ready: 'up', write: 'down' } }) };
  const request = new Request('http://crm/api/contacts');
  const args = { params: Promise.resolve({}) };

  async function wrapped(options: LifecycleOptions = {}) {
    const lifecycle = createLifecycle(options);
    await lifecycle.start();
    await lifecycle.health();
    return { lifecycle, wrap: withLifecycle(lifecycle) };
  }

  it('holds a place until the body has been read', async () => {
    const { lifecycle, wrap } = await wrapped();
    const response = await wrap(() => new Response('contacts'), undefined)(request, args);
    expect(lifecycle.shedding.inFlight).toBe(1);
    expect(await response.text()).toBe('contacts');
    expect(lifecycle.shedding).toMatchObject({ inFlight: 0, admitted: 1 });
  });

  it('gives the place back when the handler throws', async () => {
    const { lifecycle, wrap } = await wrapped();
    const error = new Error('broken');
    await expect(wrap(() => Promise.reject(error), {})(request, args)).rejects.toBe(error);
    expect(lifecycle.shedding.inFlight).toBe(0);
  });

  it('refuses routes that need a group which is down, and no others', async () => {
    const { wrap } = await wrapped({ checks });
    const handler = () => new Response('done');
    expect((await wrap(handler, undefined)(request, args)).status).toBe(200);
    const refused = await wrap(handler, { ops: { needs: 'write' } })(request, args);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('2');
    expect(await refused.json()).toMatchObject({ code: 'UNITE_OPS_GROUP_DOWN' });
  });

  it('throws where withProblems is to answer', async () => {
    const { wrap } = await wrapped({ checks });
    const route = wrap(() => new Response(), { ops: { needs: 'write', onRefused: 'throw' } });
    await expect(route(request, args)).rejects.toMatchObject({ code: 'UNITE_OPS_GROUP_DOWN' });
  });

  it('refuses what is too much, but not where a route says so', async () => {
    const { lifecycle, wrap } = await wrapped({ shedding: { maxInFlight: 1 } });
    lifecycle.admit();
    const handler = () => new Response('done');
    const refused = await wrap(handler, undefined)(request, args);
    expect(await refused.json()).toMatchObject({ status: 503, code: 'UNITE_OPS_OVERLOADED' });
    expect((await wrap(handler, { ops: { shed: false } })(request, args)).status).toBe(200);
  });

  it('refuses options that mean nothing', () => {
    const lifecycle = createLifecycle();
    expect(() => withLifecycle(lifecycle, { need: 'write' } as never)).toThrow(
      'withLifecycle: unknown option "need"; known are needs, shed, onRefused',
    );
    expect(() => withLifecycle(lifecycle)(() => new Response(), { ops: { needs: 'Write' } })).toThrow(
      'withLifecycle: option "needs" must be the name of a health group, got "Write"',
    );
  });
});

describe('registerLifecycle', () => {
  const exit = jest.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  const drain = { readinessGraceMs: 0, hooksTimeoutMs: 1_000, timeoutMs: 10_000 };

  /** Listens for SIGTERM the way Next.js does: closes the server, waits for `after()`, exits. */
  function likeNext(server: Server, log: string[]) {
    const cleanup = async () => {
      await new Promise((resolve) => server.close(resolve));
      log.push('after() is done');
      process.exit(143);
    };
    process.on('SIGTERM', cleanup);
    process.on('SIGINT', cleanup);
  }

  it('takes over the signal, and lets Next.js end before the hooks', async () => {
    const log: string[] = [];
    const { port, server } = await listen((_: IncomingMessage, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('data: 1\n\n');
    });
    likeNext(server, log);
    const lifecycle = createLifecycle({
      drain,
      onShutdown: [{ close: async () => void log.push('database') }],
    });
    await registerLifecycle(lifecycle);
    const exited = new Promise<void>((resolve) => {
      exit.mockImplementationOnce((() => resolve()) as never);
    });
    const stream = ask(port, '/events');
    while (lifecycle.state !== 'draining') {
      await settle();
      const connections = await new Promise((resolve) => server.getConnections((_, count) => resolve(count)));
      if (connections === 1) process.emit('SIGTERM', 'SIGTERM');
    }
    expect(await stream).toMatchObject({ status: 200 });
    expect(await lifecycle.close()).toMatchObject({ clean: true, reason: 'SIGTERM' });
    expect(log).toEqual(['after() is done', 'database']);
    await exited;
    expect(exit).not.toHaveBeenCalledWith(143);
    expect(process.exitCode).toBe(0);
  });

  it('drains by itself where Next.js was told to leave signals alone', async () => {
    const { port } = await listen((_, response) => response.end('page'));
    const lifecycle = createLifecycle({ drain });
    await registerLifecycle(lifecycle);
    await ask(port, '/');
    await ask(port, '/');
    expect(await lifecycle.close()).toMatchObject({ clean: true });
    await expect(ask(port, '/', { agent: new Agent() })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('drains a server that gets its first request at the end', async () => {
    const { port, server } = await listen(() => void lifecycle.close());
    const lifecycle = createLifecycle({ drain: { ...drain, readinessGraceMs: 50 } });
    await registerLifecycle(lifecycle);
    const other = await listen((_, response) => response.end('other'));
    const first = ask(port, '/');
    const [, underWay] = await once(server, 'request');
    // As long as the first has no answer the drain does not end, however late the second comes.
    expect(await ask(other.port, '/')).toMatchObject({ headers: { connection: 'close' } });
    underWay.end('page');
    expect(await first).toMatchObject({ headers: { connection: 'close' } });
    expect(await lifecycle.close()).toMatchObject({ clean: true });
    await expect(ask(other.port, '/', { agent: new Agent() })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });

  it('gives up on a Next.js that does not end, and says what it cut off', async () => {
    process.on('SIGTERM', () => undefined);
    const { port, server } = await listen(() => undefined);
    const lifecycle = createLifecycle({ drain });
    await registerLifecycle(lifecycle);
    const refused = expect(ask(port, '/')).rejects.toMatchObject({ code: 'ECONNRESET' });
    await new Promise((resolve) => server.once('request', resolve));
    expect(await lifecycle.close({ timeoutMs: 1_050 })).toMatchObject({
      clean: false,
      lost: { requests: 1 },
    });
    await refused;
    expect(process.exit).toBe(exit);
  });

  it('leaves signals alone in development', async () => {
    const before = process.listenerCount('SIGTERM');
    const lifecycle = createLifecycle();
    await registerLifecycle(lifecycle, { signals: false });
    expect(process.listenerCount('SIGTERM')).toBe(before);
    expect(lifecycle.state).toBe('ready');
  });

  it('refuses options that mean nothing', () => {
    expect(() => registerLifecycle(createLifecycle(), { graceMs: 1 } as never)).toThrow(
      'registerLifecycle: unknown option "graceMs"; known are signals, onClosed',
    );
  });
});
