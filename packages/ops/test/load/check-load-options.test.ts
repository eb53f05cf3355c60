import { describe, expect, test } from '@jest/globals';
import { runLoad } from '../../src/load';
import { checkOpenFiles } from '../../src/load/check-open-files';

const target = 'http://127.0.0.1:1';
const circular: Record<string, unknown> = {};
circular.self = circular;

describe('options of runLoad', () => {
  test.each<[object, string]>([
    [{}, 'option "target" must be a non-empty string, got undefined'],
    [{ target: 'localhost' }, 'option "target" must be a URL of http:// or https://'],
    [{ target: 'ftp://localhost' }, 'option "target" must be a URL of http:// or https://'],
    [
      { target: 'http://me:secret@localhost' },
      'option "target" must have no user and no password; use "headers"',
    ],
    [{ users: 0 }, 'option "users" must be a whole number from 1 to 100,000, got 0'],
    [{ users: 1.5 }, 'option "users" must be a whole number from 1 to 100,000, got 1.5'],
    [{ users: 100_001 }, 'option "users" must be a whole number from 1 to 100,000, got 100001'],
    [
      { thinkMs: [5, 3] },
      'option "thinkMs" must be two numbers of milliseconds, the smaller first, got an array',
    ],
    [
      { thinkMs: [1] },
      'option "thinkMs" must be two numbers of milliseconds, the smaller first, got an array',
    ],
    [{ thinkMs: 3 }, 'option "thinkMs" must be two numbers of milliseconds, the smaller first, got 3'],
    [
      { users: 1_000, thinkMs: [1, 2] },
      '1000 users with "thinkMs" [1,2] are 666667 requests a second, and at most 100000 can be made; [0, 0] finds out what the target can take',
    ],
    [{ durationMs: 0 }, 'option "durationMs" must be a number of milliseconds above 0, at most a day, got 0'],
    [
      { durationMs: '30s' },
      'option "durationMs" must be a number of milliseconds above 0, at most a day, got "30s"',
    ],
    [{ rampMs: -1 }, 'option "rampMs" must be a number of milliseconds from 0 to a day, got -1'],
    [
      { timeoutMs: NaN },
      'option "timeoutMs" must be a number of milliseconds above 0, at most a day, got NaN',
    ],
    [{ seed: -1 }, 'option "seed" must be a whole number from 0 to 4,294,967,295, got -1'],
    [{ signal: {} }, 'option "signal" must be an AbortSignal, got an object'],
    [{ onProgress: 1 }, 'option "onProgress" must be a function, got 1'],
    [{ rate: 5 }, 'unknown option "rate"'],
    [
      { objectives: { p95: 5 } },
      'objectives: unknown option "p95"; known are p50Ms, p95Ms, p99Ms, errorRate, requestsPerSecond',
    ],
    [{ objectives: { errorRate: 2 } }, 'objectives: option "errorRate" must be a number from 0 to 1, got 2'],
    [{ headers: { 'x-a': 'b\nc: d' } }, 'header "x-a" must be text of one line in Latin-1'],
    [{ headers: { 'x\r\na': 'b' } }, '"x\\r\\na" cannot be a header\'s name'],
    [{ headers: { Connection: 'close' } }, 'header "Connection" cannot be set'],
    [{ headers: { 'x-a': 5 } }, 'header "x-a" must be text of one line in Latin-1'],
    [{ requests: [] }, 'option "requests" must be a list of 1 to 100, got an array'],
    [
      { requests: [{}] },
      'requests[0]: option "path" must be a path such as "/contacts?page=1", without spaces, got undefined',
    ],
    [
      { requests: [{ path: 'a' }] },
      'requests[0]: option "path" must be a path such as "/contacts?page=1", without spaces, got "a"',
    ],
    [{ requests: [{ path: '/a\r\nb' }] }, 'requests[0]: option "path" must be a path such as'],
    [{ requests: [{ path: '/a#b' }] }, 'requests[0]: option "path" must be a path such as'],
    [
      { requests: [{ path: '/', weight: -1 }] },
      'requests[0]: option "weight" must be a positive number, got -1',
    ],
    [
      { requests: [{ path: '/', method: 'get it' }] },
      'requests[0]: option "method" must be an HTTP method such as "POST", got "get it"',
    ],
    [
      { requests: [{ path: '/', method: 'CONNECT' }] },
      'requests[0]: option "method" must be an HTTP method such as "POST", got "CONNECT"',
    ],
    [
      { requests: [{ path: '/', expect: [20] }] },
      'requests[0]: option "expect" must be a list of statuses from 200 to 599, got an array',
    ],
    [
      { requests: [{ path: '/', body: circular }] },
      'requests[0]: option "body" must be text, or anything that JSON can say, got an object',
    ],
    [
      { requests: [{ path: '/', body: () => 1 }] },
      'requests[0]: option "body" must be text, or anything that JSON can say, got a function',
    ],
    [
      { requests: [{ path: '/', headers: { a: '\0' } }] },
      'requests[0]: header "a" must be text of one line in Latin-1',
    ],
    [
      { requests: [{ path: '/' }, { path: '/', method: 'GET' }] },
      'two requests are called "GET /"; give each a "name"',
    ],
  ])('refuses %j', async (options, message) => {
    const given = 'target' in options || Object.keys(options).length === 0 ? options : { target, ...options };
    const error = await runLoad(given as never).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toContain(`runLoad: ${message}`);
    expect((error as Error).message).not.toContain('secret');
  });

  test('refuses more users than the process may open files', () => {
    expect(() => checkOpenFiles(1_000, 1_024)).toThrow(
      'runLoad: option "users" is 1000, and this process may open 1024 files (EMFILE): raise the limit with "ulimit -n 1064", or take fewer users',
    );
    expect(() => checkOpenFiles(100_000, Infinity)).not.toThrow();
    expect(() => checkOpenFiles(1)).not.toThrow();
  });
});
