import { describe, expect, test } from '@jest/globals';
import { parseList } from 'structured-headers';
import { withCacheStatus } from '../../src/response/cache-status';
import { isNotModified, makeEtag } from '../../src/response/conditional';
import { requestOf } from './requests';

describe('Cache-Status', () => {
  test.each([
    ['unite; hit; ttl=29; detail=memory', { hit: true, ttlMs: 29_999, detail: 'memory' }],
    ['unite; hit; ttl=-1; detail=remote', { hit: true, ttlMs: -1, detail: 'remote' }],
    ['unite; fwd=uri-miss; stored', { hit: false, fwd: 'uri-miss', stored: true }],
    ['unite; fwd=miss; fwd-status=200; stored', { hit: false, fwd: 'miss', fwdStatus: 200, stored: true }],
    ['unite; fwd=vary-miss; collapsed', { hit: false, fwd: 'vary-miss', collapsed: true }],
    [
      'unite; fwd=bypass; detail=no-tenant',
      { hit: false, fwd: 'bypass', stored: false, detail: 'no-tenant' },
    ],
  ] as const)('%s', (header, status) => {
    expect(withCacheStatus(undefined, status)).toBe(header);
    const [[name, parameters] = []] = parseList(header);
    expect(String(name)).toBe('unite');
    expect([...(parameters?.keys() ?? [])]).toEqual(
      header
        .split('; ')
        .slice(1)
        .map((part) => part.split('=')[0]),
    );
  });

  test('comes after what others have said, which stays', () => {
    const status = { hit: false, fwd: 'miss' } as const;
    const header = withCacheStatus('origin; hit; ttl=3, "a, b"; fwd=stale', status);
    expect(header).toBe('origin; hit; ttl=3, "a, b"; fwd=stale, unite; fwd=miss');
    expect(parseList(header)).toHaveLength(3);
    expect(withCacheStatus(' ', status)).toBe('unite; fwd=miss');
  });
});

describe('a condition', () => {
  const lastModified = 'Wed, 25 Nov 2026 12:00:00 GMT';
  test.each<[boolean, Record<string, string>, Record<string, string>, number?]>([
    [true, { 'if-none-match': '"a"' }, { etag: '"a"' }],
    [true, { 'if-none-match': 'W/"a"' }, { etag: '"a"' }],
    [true, { 'if-none-match': '"a"' }, { etag: 'W/"a"' }],
    [true, { 'if-none-match': '"b", W/"a,b","c"' }, { etag: '"a,b"' }],
    [true, { 'if-none-match': ' * ' }, { etag: '"a"' }],
    [false, { 'if-none-match': '"b"' }, { etag: '"a"' }],
    [false, { 'if-none-match': '"A"' }, { etag: '"a"' }],
    [false, { 'if-none-match': 'a' }, { etag: '"a"' }],
    [false, { 'if-none-match': '*' }, {}],
    [false, {}, { etag: '"a"' }],
    [false, { 'if-none-match': '"a"' }, { etag: '"a"' }, 404],
    [true, { 'if-modified-since': lastModified }, { 'last-modified': lastModified }],
    [false, { 'if-modified-since': lastModified }, {}],
    [false, { 'if-modified-since': 'yesterday' }, { 'last-modified': lastModified }],
    [false, { 'if-modified-since': lastModified }, { 'last-modified': 'Wed, 25 Nov 2026 12:00:01 GMT' }],
    // The validator is the better one.
    [
      false,
      { 'if-none-match': '"b"', 'if-modified-since': lastModified },
      { etag: '"a"', 'last-modified': lastModified },
    ],
  ])('%p: %p against %p', (isUnchanged, request, response, status = 200) => {
    expect(isNotModified(requestOf('/', request), status, Object.entries(response))).toBe(isUnchanged);
  });

  test('a made validator is strong, and the same for the same bytes alone', () => {
    const etag = makeEtag(Buffer.from('one'));
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    expect(makeEtag(new Uint8Array(Buffer.from('one')))).toBe(etag);
    expect(makeEtag(Buffer.from('two'))).not.toBe(etag);
  });
});
