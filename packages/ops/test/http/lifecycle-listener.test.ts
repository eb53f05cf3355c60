import { afterEach, describe, expect, it } from '@jest/globals';
import { type CheckResult, createLifecycle, type LifecycleOptions } from '../../src';
import { type GateOptions, lifecycleListener, type NodeListener } from '../../src/http';
import { ask, closeServers, listen } from '../support/local-server';

afterEach(closeServers);

const hello: NodeListener = (_, response) => response.end('hello');

async function serve(options: LifecycleOptions = {}, gate: GateOptions = {}, listener: NodeListener = hello) {
  const lifecycle = createLifecycle(options);
  const { port } = await listen(lifecycleListener(lifecycle, listener, gate));
  return { lifecycle, port };
}

describe('the health pages', () => {
  it('say alive from the first moment, whatever is broken', async () => {
    const { port, lifecycle } = await serve({
      checks: {
        database: () => {
          throw new Error('gone');
        },
      },
    });
    const alive = { status: 200, text: '{"status":"up"}' };
    expect(await ask(port, '/health/live')).toMatchObject(alive);
    await lifecycle.start();
    expect(await ask(port, '/health/ready')).toMatchObject({ status: 503 });
    expect(await ask(port, '/health/live')).toMatchObject(alive);
    await lifecycle.close();
    expect(await ask(port, '/health/live')).toMatchObject(alive);
  });

  it('say that the start is through, and that requests may come', async () => {
    const { port, lifecycle } = await serve();
    expect(await ask(port, '/health/startup')).toMatchObject({ status: 503 });
    expect(await ask(port, '/health/ready')).toMatchObject({ status: 503 });
    await lifecycle.start();
    expect(await ask(port, '/health/startup')).toMatchObject({
      status: 200,
      text: '{"state":"ready","status":"up"}',
    });
    const ready = await ask(port, '/health/ready?verbose');
    expect(ready.status).toBe(200);
    expect(JSON.parse(ready.text)).toEqual(await lifecycle.health());
    expect(ready.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  });

  it('have one for each group', async () => {
    const { port, lifecycle } = await serve({ checks: { database: () => ({ groups: { write: 'down' } }) } });
    await lifecycle.start();
    expect(await ask(port, '/health/ready')).toMatchObject({ status: 200 });
    expect(await ask(port, '/health/ready/write')).toMatchObject({ status: 503 });
    expect(await ask(port, '/health/ready/ready')).toMatchObject({ status: 200 });
    for (const unknown of ['ready/read', 'ready/__proto__', 'ready/write/1', 'other', 'live/1', ''])
      expect(await ask(port, `/health/${unknown}`)).toMatchObject({ status: 404 });
  });

  it('say no while draining, as 404 where a load balancer wants it so', async () => {
    const one = await serve();
    const other = await serve({}, { drainingStatus: 404 });
    for (const { lifecycle } of [one, other]) {
      await lifecycle.start();
      await lifecycle.close();
    }
    expect(await ask(one.port, '/health/ready')).toMatchObject({ status: 503 });
    expect(await ask(other.port, '/health/ready')).toMatchObject({ status: 404 });
  });

  it('show no checks where they are not to', async () => {
    const checks = { database: (): CheckResult => ({ groups: { ready: 'up', write: 'down' } }) };
    const { port, lifecycle } = await serve({ checks }, { details: false });
    await lifecycle.start();
    expect(await ask(port, '/health/ready')).toMatchObject({ text: '{"state":"ready","status":"degraded"}' });
    expect(await ask(port, '/health/ready/write')).toMatchObject({
      text: '{"state":"ready","status":"down"}',
    });
  });

  it('give a nonce back, so that a cache is found out', async () => {
    const { port } = await serve();
    const withNonce = (nonce: string) => ask(port, '/health/live', { headers: { 'x-health-nonce': nonce } });
    expect((await withNonce('0123456789abcdef')).headers['x-health-nonce']).toBe('0123456789abcdef');
    for (const malformed of ['short', 'x'.repeat(65), 'with spaces in it'])
      expect((await withNonce(malformed)).headers['x-health-nonce']).toBeUndefined();
  });

  it('answer GET and HEAD alone', async () => {
    const { port } = await serve();
    expect(await ask(port, '/health/live', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    const posted = await ask(port, '/health/live', { method: 'POST' });
    expect(posted).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });

  it('are where they are wanted', async () => {
    const { port } = await serve({}, { healthPath: '/internal/health' });
    expect(await ask(port, '/internal/health/live')).toMatchObject({ status: 200 });
    expect(await ask(port, '/health/live')).toMatchObject({ text: 'hello' });
  });
});

describe('requests', () => {
  it('reach the listener, and are counted while they run', async () => {
    const { port, lifecycle } = await serve({}, {}, (_, response) =>
      response.end(String(lifecycle.shedding.inFlight)),
    );
    expect(await ask(port, '/')).toMatchObject({ status: 200, text: '1' });
    expect(await ask(port, '/healthy')).toMatchObject({ text: '1' });
    expect(lifecycle.shedding).toMatchObject({ inFlight: 0, admitted: 2, limit: Infinity });
  });

  it('are refused as a problem when there are too many, but never the health pages', async () => {
    let release: () => void = () => undefined;
    const { port } = await serve({ shedding: { maxInFlight: 1 } }, {}, (_, response) => {
      release = () => response.end('late');
    });
    const first = ask(port, '/');
    await ask(port, '/health/live');
    const refused = await ask(port, '/');
    expect(refused).toMatchObject({
      status: 503,
      headers: {
        'content-type': 'application/problem+json',
        'retry-after': expect.stringMatching(/^[123]$/),
      },
    });
    expect(JSON.parse(refused.text)).toEqual({
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      code: 'UNITE_OPS_OVERLOADED',
    });
    expect(await ask(port, '/health/live')).toMatchObject({ status: 200 });
    release();
    expect(await first).toMatchObject({ text: 'late' });
  });
});

describe('options that are malformed', () => {
  const lifecycle = createLifecycle();
  it.each([
    [
      { healthPath: 'health' },
      'lifecycleListener: option "healthPath" must be a path such as "/health", got "health"',
    ],
    [
      { healthPath: '/health/' },
      'lifecycleListener: option "healthPath" must be a path such as "/health", got "/health/"',
    ],
    [{ drainingStatus: 500 }, 'lifecycleListener: option "drainingStatus" must be 404 or 503, got 500'],
    [{ details: 1 }, 'lifecycleListener: option "details" must be true or false, got 1'],
  ])('%# are refused', (options: object, message) => {
    expect(() => lifecycleListener(lifecycle, hello, options)).toThrow(new TypeError(message));
  });

  it('a listener that is none is refused', () => {
    expect(() => lifecycleListener(lifecycle, 1 as never)).toThrow(
      'lifecycleListener: option "listener" must be a function, got 1',
    );
  });
});
