import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Interruption } from '../../src/cli/interruption';
import { type LoadFlags, loadOptions } from '../../src/cli/load-options';
import { parseDuration, parseDurationRange } from '../../src/cli/parse-duration';
import { parseHeader } from '../../src/cli/parse-header';
import { parseObjective } from '../../src/cli/parse-objective';
import { parseWhole } from '../../src/cli/parse-with';
import { unite } from '../support/unite';

const seen: string[] = [];
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    seen.push(`${request.method} ${request.url} ${request.headers['x-tenant'] ?? '-'} ${body}`);
    response.end('ok');
  });
});
let target = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const short = ['--users', '2', '--think', '20ms-30ms', '--duration', '200ms', '--ramp', '20ms'];

describe('a load', () => {
  test('is made as it was said', async () => {
    const { exitCode, stdout, stderr } = await unite([
      'load',
      `${target}/contacts?page=1`,
      ...short,
      ...['--timeout', '10s', '--seed', '7', '--method', 'put', '--body', 'user {user}'],
      ...['--header', 'x-tenant: acme', '--slo', 'p95<10s', '--slo', 'errors<50%', '--json'],
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      users: 2,
      thinkMs: [20, 30],
      durationMs: 200,
      seed: 7,
      kept: true,
      verdict: [{ kept: true }, { kept: true }],
    });
    expect(seen).toContainEqual(expect.stringMatching(/^PUT \/contacts\?page=1 acme user \d+$/));
  });

  test('that misses an objective is 1', async () => {
    const { exitCode, stdout } = await unite(['load', target, ...short, '--slo', 'rps > 100000']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(target);
  });

  test('is what the configuration says, where the command line says nothing', async () => {
    const files = {
      'unite.config.ts': `export default { load: {
        target: '${target}', users: 2, thinkMs: [20, 30], durationMs: 150, rampMs: 20,
        requests: [{ path: '/from-config' }], headers: { 'X-Tenant': 'beta' } } };`,
    };
    const { exitCode, stdout } = await unite(['load', '--seed', '3', '--json'], { files });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ target: `${target}/`, seed: 3, durationMs: 150 });
    expect(seen).toContain('GET /from-config beta ');
  });

  test('shows how it stands on a terminal', async () => {
    const { stderr } = await unite(['load', target, ...short, '--duration', '1200ms'], {
      isTTY: true,
      env: { NO_COLOR: '1' },
    });
    expect(stderr).toMatch(/^\d+ s {2}2 users {2}\d+ requests\/s {2}p95 \d+ ms {2}0 errors$/m);
  });

  test('ends early at an interruption, and reports', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    server.once('request', () => controller.abort(new Interruption('SIGINT')));
    const { exitCode, stdout } = await unite(['load', target, ...short, '--duration', '30s', '--json'], {
      signal,
    });
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({
      total: { requests: expect.any(Number) },
      interrupted: true,
      kept: false,
    });
  });

  test.each<[string, RequestListener]>([
    ['breaks', (request) => request.socket.resetAndDestroy()],
    ['refuses', (_, response) => void response.writeHead(503).end()],
    ['is silent', () => {}],
  ])('of a target that %s all the time is 1, with and without an objective', async (_, answer) => {
    const failing = createServer(answer);
    await new Promise<void>((resolve) => failing.listen(0, '127.0.0.1', resolve));
    const { port } = failing.address() as AddressInfo;
    const argv = ['load', `http://127.0.0.1:${port}`, ...short, '--timeout', '60ms', '--json'];
    for (const objective of [[], ['--slo', 'p95<10s'], ['--slo', 'errors<100%']]) {
      const { exitCode, stdout } = await unite([...argv, ...objective]);
      expect(exitCode).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({
        kept: false,
        warnings: expect.arrayContaining(['every request failed, so the run is not kept']),
      });
    }
    failing.closeAllConnections();
    failing.close();
  });
});

describe('what is in its way', () => {
  test('no target', async () => {
    expect(await unite(['load'])).toMatchObject({
      exitCode: 2,
      stderr:
        'unite: what to load? Say `unite load http://127.0.0.1:3000/`, or load.target in unite.config.ts\n',
    });
  });

  test('a broken configuration, only where it is needed', async () => {
    const files = { 'unite.config.ts': 'throw new Error("boom");' };
    const complaint = 'unite: unite.config.ts: boom (UNITE_OPS_CONFIG_INVALID)\n';
    expect(await unite(['load', target, ...short], { files })).toMatchObject({
      exitCode: 0,
      stderr: complaint,
    });
    expect(await unite(['load', ...short], { files })).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: complaint,
    });
    const named = await unite(['load', target, ...short, '-c', 'unite.config.ts'], { files });
    expect(named).toEqual({ exitCode: 2, stdout: '', stderr: complaint });
    expect(await unite(['load', target, ...short, '-c', 'nope.ts'])).toMatchObject({ exitCode: 2 });
  });

  test('nobody who answers is 1', async () => {
    const { exitCode, stdout } = await unite(['load', 'http://127.0.0.1:1', '--json']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'UNITE_OPS_LOAD_UNREACHABLE' } });
  });

  test('what the run refuses is misuse', async () => {
    const { exitCode, stderr } = await unite(['load', target, '--users', '0']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^unite: option "users" must be a whole number .+, got 0\n$/);
  });

  test.each([
    ['--duration', '5', 'A time needs a unit: 5ms, 5s or 5m'],
    ['--think', '3-5s', 'A time needs a unit: 3ms, 3s or 3m'],
    ['--users', '1e3', 'It must be a whole number'],
    ['--header', 'nothing', "It must be a name and a value, such as 'accept: text/html'"],
    ['--slo', 'p95<200', 'A time needs a unit: 200ms, 200s or 200m'],
  ])('%s %s', async (flag, value, message) => {
    const { exitCode, stderr } = await unite(['load', target, flag, value]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`argument '${value}' is invalid. ${message}\n`);
  });
});

describe('times', () => {
  test.each([
    ['250ms', 250],
    ['1.5s', 1_500],
    ['2m', 120_000],
    [' 0s ', 0],
  ])('%j', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test('any number of milliseconds survives its text', () => {
    fc.assert(
      fc.property(fc.nat(), (ms) => {
        expect(parseDuration(`${ms}ms`)).toBe(ms);
        expect(parseDurationRange(`${ms}ms`)).toEqual([ms, ms]);
      }),
    );
  });

  test.each(['', 's', '5h', '-5s', '1e3s', '5 s', 'Infinitys', '5S'])('not %j', (text) => {
    expect(() => parseDuration(text)).toThrow('It must be a time such as 250ms, 10s or 2m');
  });

  test.each([
    ['5s-3s', 'The shorter time comes first'],
    ['1s-2s-3s', 'It must be a time or two'],
    ['1s-', 'It must be a time such as'],
  ])('not %j', (text, message) => {
    expect(() => parseDurationRange(text)).toThrow(message);
  });
});

describe('objectives', () => {
  test.each([
    ['p50<20ms', { p50Ms: 20 }],
    ['p95 < 1.5s', { p95Ms: 1_500 }],
    ['p99<2s', { p99Ms: 2_000 }],
    ['errors<0.1%', { errorRate: 0.001 }],
    ['errors<100%', { errorRate: 1 }],
    ['rps>500', { requestsPerSecond: 500 }],
  ])('%j', (text, objective) => {
    expect(parseObjective(text)).toEqual(objective);
  });

  test.each(['', 'p90<5ms', 'p95>5ms', 'errors<5', 'errors<101%', 'rps<5', 'rps>', 'constructor<5ms'])(
    'not %j',
    (text) => {
      expect(() => parseObjective(text)).toThrow(
        'It must be such as p95<200ms (p50, p95, p99), errors<0.1% or rps>500',
      );
    },
  );

  test('come together, each once', () => {
    expect(parseObjective('rps>5', { p95Ms: 1 })).toEqual({ p95Ms: 1, requestsPerSecond: 5 });
    expect(() => parseObjective('rps>5', { requestsPerSecond: 4 })).toThrow('It is said twice');
  });
});

describe('headers', () => {
  test('come together, each once', () => {
    const first = parseHeader('Accept: text/html; q=0.9');
    expect(parseHeader('x-empty:', first)).toEqual({ Accept: 'text/html; q=0.9', 'x-empty': '' });
    expect(() => parseHeader('ACCEPT: x', first)).toThrow('ACCEPT is said twice');
  });

  test.each(['a', ': b', 'a b: c', 'a: b\r\nc: d'])('not %j', (text) => {
    expect(() => parseHeader(text)).toThrow('It must be a name and a value');
  });
});

test('whole numbers only', () => {
  for (const text of ['', '-1', '1.5', '0x10', '9007199254740993']) {
    expect(() => parseWhole(text)).toThrow('It must be a whole number');
  }
});

describe('the options of the run', () => {
  const configured = {
    target: 'http://config:1',
    users: 5,
    requests: [{ path: '/a' }],
    headers: { Accept: 'a', 'X-Tenant': 'b' },
    objectives: { p95Ms: 5, errorRate: 0.1 },
  };

  test.each<[string | undefined, LoadFlags, object]>([
    [undefined, {}, configured],
    ['http://line:2/x', {}, { ...configured, target: 'http://line:2/x' }],
    [
      undefined,
      { users: 9, think: [1, 2], ramp: 0 },
      { ...configured, users: 9, thinkMs: [1, 2], rampMs: 0 },
    ],
    [undefined, { header: { accept: 'c' } }, { ...configured, headers: { 'X-Tenant': 'b', accept: 'c' } }],
    [undefined, { slo: { p95Ms: 7 } }, { ...configured, objectives: { p95Ms: 7, errorRate: 0.1 } }],
    [undefined, { body: 'b' }, { ...configured, requests: [{ method: 'POST', path: '/', body: 'b' }] }],
    [
      'http://h/{user}?n={n}#top',
      { method: 'get' },
      {
        ...configured,
        target: 'http://h/{user}?n={n}#top',
        requests: [{ method: 'GET', path: '/{user}?n={n}' }],
      },
    ],
    [
      'http://h?n={n}',
      { method: 'HEAD' },
      { ...configured, target: 'http://h?n={n}', requests: [{ method: 'HEAD', path: '/?n={n}' }] },
    ],
  ])('%j with %j', (given, flags, options) => {
    expect(loadOptions(given, flags, configured)).toEqual(options);
  });
});
