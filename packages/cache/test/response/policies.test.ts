import { describe, expect, test } from '@jest/globals';
import { parseCacheControl, secondsToMs } from '../../src/response/cache-control';
import { requestPolicy } from '../../src/response/request-policy';
import { responsePolicy, type StoreRules } from '../../src/response/response-policy';
import { requestOf } from './requests';

const rules: StoreRules = {
  scope: 'global',
  ttlMs: 60_000,
  statuses: new Set([200, 404]),
  isAuthorized: false,
  nowMs: Date.parse('2026-11-25T12:00:00Z'),
};

describe('Cache-Control', () => {
  test.each<[string | undefined, [string, string | true][]]>([
    [undefined, []],
    ['', []],
    ['no-store', [['no-store', true]]],
    [
      'Public, MAX-AGE=60',
      [
        ['public', true],
        ['max-age', '60'],
      ],
    ],
    [
      'private="set-cookie, x-a", max-age="5"',
      [
        ['private', 'set-cookie, x-a'],
        ['max-age', '5'],
      ],
    ],
    ['a="x, no-store"', [['a', 'x, no-store']]],
    ['a="\\"no-store\\""', [['a', '"no-store"']]],
    ['max-age = 5', [['max-age', '5']]],
    [',, ,no-cache;', [['no-cache', true]]],
    ['max-age=60, max-age=5', [['max-age', '5']]],
    ['max-age=5, max-age=60', [['max-age', '5']]],
    ['private="a", private', [['private', true]]],
    ['private="a", private="b"', [['private', 'a,b']]],
    ['max-age=x, max-age=5', [['max-age', 'x,5']]],
  ])('%s', (header, directives) => {
    expect([...parseCacheControl(header)]).toEqual(directives);
  });

  test.each([
    ['5', 5_000],
    ['0', 0],
    ['-1', 0],
    ['1.5', 0],
    ['', 0],
    [true as const, 0],
    ['99999999999999999999', 2 ** 31 * 1000],
  ])('%p seconds', (value, ms) => expect(secondsToMs(value)).toBe(ms));
});

describe('a request', () => {
  test.each<[string, Record<string, string>, object]>([
    ['POST', {}, { fwd: 'method' }],
    ['OPTIONS', {}, { fwd: 'method' }],
    ['GET', { range: 'bytes=0-1' }, { fwd: 'bypass', detail: 'range' }],
    ['GET', { 'if-match': '"a"' }, { fwd: 'bypass', detail: 'if-match' }],
    ['GET', { 'cache-control': 'max-age=0, no-store' }, { fwd: 'bypass', detail: 'no-store' }],
    ['GET', {}, { maxAgeMs: Infinity, isAuthorized: false }],
    ['HEAD', { authorization: 'Basic x' }, { maxAgeMs: Infinity, isAuthorized: true }],
    ['GET', { 'cache-control': 'no-cache' }, { maxAgeMs: 0, isAuthorized: false }],
    ['GET', { 'cache-control': 'max-age=0' }, { maxAgeMs: 0, isAuthorized: false }],
    ['GET', { 'cache-control': 'max-age=9' }, { maxAgeMs: 9_000, isAuthorized: false }],
  ])('%s %p', (method, headers, policy) => {
    expect(requestPolicy(requestOf('/', headers, method))).toEqual(policy);
  });
});

describe('a response', () => {
  const judge = (headers: Record<string, string | string[]>, more: Partial<StoreRules> = {}, status = 200) =>
    responsePolicy({ status, headers: Object.entries(headers) }, { ...rules, ...more });
  const authorized = { isAuthorized: true };

  test.each<[string, Record<string, string | string[]>, Partial<StoreRules>?]>([
    ['set-cookie', { 'set-cookie': ['a=1', 'b=2'] }],
    ['no-store', { 'cache-control': 'max-age=60, no-store' }],
    ['private', { 'cache-control': 'private' }],
    ['private', { 'cache-control': 'private' }, { scope: 'tenant' }],
    ['no-cache', { 'cache-control': 'no-cache' }],
    ['no-cache', { 'cache-control': 'no-cache' }, { scope: 'user' }],
    ['vary', { vary: '*' }],
    ['vary', { vary: 'accept, *' }],
    ['authorization', {}, authorized],
    ['authorization', { 'cache-control': 'max-age=60' }, authorized],
    ['content-range', { 'content-range': 'bytes 0-1/2' }],
    ['trailer', { trailer: 'x-sum' }],
    ['event-stream', { 'content-type': 'text/event-stream; charset=utf-8' }],
    ['expired', { 'cache-control': 'max-age=0' }],
    ['expired', { 'cache-control': 's-maxage=0, max-age=60' }],
    ['expired', { 'cache-control': 'max-age=60, max-age=0' }],
    ['expired', { expires: '0' }],
    ['expired', { expires: 'Wed, 25 Nov 2026 11:59:59 GMT' }],
    ['expired', { 'cache-control': 'max-age=60', age: '60' }],
  ])('%s: %p is not kept', (reason, headers, more = {}) => expect(judge(headers, more)).toBe(reason));

  test('with another status is not kept', () => {
    expect([judge({}, {}, 500), judge({}, {}, 201), judge({}, {}, 304)]).toEqual([
      'status',
      'status',
      'status',
    ]);
  });

  test.each<[number, Record<string, string>, Partial<StoreRules>?]>([
    [60_000, {}],
    [60_000, { 'cache-control': 'max-age=600' }],
    [30_000, { 'cache-control': 'max-age=30' }],
    [10_000, { 'cache-control': 'max-age=30, s-maxage=10' }],
    [30_000, { 'cache-control': 'max-age=30, s-maxage=10' }, { scope: 'user' }],
    [30_000, { 'cache-control': 'private, max-age=30' }, { scope: 'user' }],
    [20_000, { 'cache-control': 'max-age=30', age: '10' }],
    [30_000, { expires: 'Wed, 25 Nov 2026 12:00:30 GMT' }],
    [30_000, { expires: '0', 'cache-control': 'max-age=30' }],
    [60_000, { 'cache-control': 'public' }, authorized],
    [60_000, { 'cache-control': 'must-revalidate' }, authorized],
    [60_000, {}, { ...authorized, scope: 'tenant' }],
    [60_000, {}, { ...authorized, scope: 'user' }],
  ])('is kept for %p ms: %p', (lifetimeMs, headers, more = {}) => {
    expect(judge(headers, more)).toMatchObject({ lifetimeMs });
  });

  test('is kept without what belongs to one connection, one answer, or was forbidden', () => {
    const kept = judge(
      {
        'content-type': 'text/plain',
        connection: 'x-hop',
        'x-hop': '1',
        date: 'now',
        age: '1',
        'content-length': '3',
        'cache-status': 'origin; hit',
        'x-request-id': 'r1',
        'x-own': '1',
        'x-private': '1',
        'cache-control': 'no-cache="x-own", private="x-private"',
        vary: 'B, a, A',
      },
      {},
    );
    expect(kept).toMatchObject({
      varyNames: ['a', 'b'],
      initialAgeMs: 1_000,
      headers: [
        ['content-type', 'text/plain'],
        ['cache-control', 'no-cache="x-own", private="x-private"'],
        ['vary', 'B, a, A'],
      ],
    });
  });

  test('of one user keeps the fields that are private', () => {
    const kept = judge({ 'x-private': '1', 'cache-control': 'private="x-private"' }, { scope: 'user' });
    expect(kept).toMatchObject({
      headers: [
        ['x-private', '1'],
        ['cache-control', 'private="x-private"'],
      ],
    });
  });

  test('leaves out what was there before the handler', () => {
    const head = {
      status: 200,
      headers: [
        ['x-a', '1'],
        ['x-b', '2'],
      ] as const,
      foreign: new Set(['x-a']),
    };
    expect(responsePolicy(head, rules)).toMatchObject({ headers: [['x-b', '2']] });
  });
});
