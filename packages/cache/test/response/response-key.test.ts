import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalUrl } from '../../src/response/canonical-url';
import { type Owner, ownerOf, responseKey } from '../../src/response/response-key';
import type { IncomingRequest } from '../../src/response/response-types';
import { requestOf } from './requests';

const everybody: Owner = { tenantId: null, userId: null };

describe('the query', () => {
  test.each([
    ['/a', '/a'],
    ['/a?', '/a?'],
    ['/a?b=2&a=1', '/a?a=1&b=2'],
    ['/a?a=2&b=0&a=1', '/a?a=2&a=1&b=0'],
    // One list to a parser, whatever the spelling: the order counts.
    ['/a?%61=2&a=1', '/a?%61=2&a=1'],
    ['/a?a[]=2&a=1', '/a?a[]=2&a=1'],
    ['/a?a%5B0%5D=2&a=1', '/a?a%5B0%5D=2&a=1'],
    ['/a?b&%zz=1&a', '/a?%zz=1&a&b'],
    ['/a?b+c=1&b%20c=0', '/a?b+c=1&b%20c=0'],
    ['/a?b=1?&a=2', '/a?a=2&b=1?'],
  ])('%s becomes %s', (url, canonical) => expect(canonicalUrl(url)).toBe(canonical));

  test('of very many parameters keeps its order, as parsers leave some out', () => {
    const url = `/a?${Array.from({ length: 101 }, (_, index) => `p${101 - index}`).join('&')}`;
    expect(canonicalUrl(url)).toBe(url);
  });

  test('read by a parser gives the same lists in canonical order', () => {
    const name = fc.constantFrom('a', 'b', '%61', 'a%20', 'b+', '+b');
    const query = fc.array(fc.tuple(name, fc.constantFrom('1', '2', '=', '')), { maxLength: 6 });
    const listsOf = (url: string) => {
      const search = new URLSearchParams(url.slice(url.indexOf('?')));
      return Object.fromEntries([...search.keys()].map((key) => [key, search.getAll(key)]));
    };
    fc.assert(
      fc.property(query, (parameters) => {
        const url = `/?${parameters.map(([key, value]) => `${key}=${value}`).join('&')}`;
        expect(listsOf(canonicalUrl(url))).toEqual(listsOf(url));
      }),
    );
  });
});

test('the owner is whom the scope tells apart', () => {
  const context = { requestId: 'r', tenantId: 't', userId: 'u', state: new Map() };
  const anonymous = { requestId: 'r', state: new Map() };
  expect(ownerOf('global', context)).toEqual(everybody);
  expect(ownerOf('tenant', context)).toEqual({ tenantId: 't', userId: null });
  expect(ownerOf('user', context)).toEqual({ tenantId: 't', userId: 'u' });
  expect(ownerOf('user', { ...anonymous, userId: 'u' })).toEqual({ tenantId: null, userId: 'u' });
  expect([ownerOf('tenant', anonymous), ownerOf('tenant', undefined)]).toEqual(['no-tenant', 'no-tenant']);
  expect(ownerOf('user', { ...anonymous, tenantId: 't' })).toBe('no-user');
});

describe('the key', () => {
  const id = fc.constantFrom(null, '', 'a', 'b', 'a,b', 'null');
  const word = fc.constantFrom('', 'a', 'b', '"', '","', 'a=1');
  const facts = fc.record({
    tenantId: id,
    userId: id,
    url: fc.tuple(
      fc.constantFrom('/', '/a', '/a/b'),
      fc.constantFrom('', '?', '?a=1', '?a=1&b=2', '?b=1&a=2'),
    ),
    authority: fc.array(fc.option(word, { nil: undefined }), { minLength: 2, maxLength: 2 }),
    params: fc.dictionary(fc.constantFrom('id', 'slug'), fc.oneof(word, fc.array(word, { maxLength: 2 }))),
    headers: fc.dictionary(fc.constantFrom('host', 'x-forwarded-host', 'accept', 'cookie', 'x-other'), word),
    names: fc.option(fc.uniqueArray(fc.constantFrom('accept', 'cookie')), { nil: undefined }),
  });
  type Facts = typeof facts extends fc.Arbitrary<infer Value> ? Value : never;
  const keyOf = ({ tenantId, userId, url, authority, params, headers, names }: Facts) => {
    const request: IncomingRequest = {
      method: 'GET',
      authority,
      url: url.join(''),
      params,
      header: (name) => headers[name],
    };
    return JSON.stringify(responseKey({ tenantId, userId }, request, names));
  };
  /** What must tell two requests apart. */
  const meaning = ({ tenantId, userId, url, authority, params, headers, names }: Facts) => ({
    tenantId,
    userId,
    url: url.join(''),
    authority,
    params: Object.fromEntries(Object.entries(params).sort()),
    isVariant: names !== undefined,
    headers: ['host', 'x-forwarded-host', ...(names ?? [])].map((name) => [name, headers[name] ?? null]),
  });

  test('of two requests is the same only when all that selects the response is the same', () => {
    fc.assert(
      fc.property(facts, facts, (one, other) => {
        const isSame = Object.is(JSON.stringify(meaning(one)), JSON.stringify(meaning(other)));
        expect(keyOf(one) === keyOf(other)).toBe(isSame);
      }),
      { numRuns: 2_000 },
    );
  });

  test('of two requests that differ in one thing is another', () => {
    fc.assert(
      fc.property(
        facts,
        facts,
        fc.constantFrom<keyof Facts>('tenantId', 'userId', 'url', 'authority', 'params', 'headers', 'names'),
        (one, other, field) => {
          const changed = { ...one, [field]: other[field] };
          const isSame = JSON.stringify(meaning(one)) === JSON.stringify(meaning(changed));
          expect(keyOf(one) === keyOf(changed)).toBe(isSame);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('ignores the order of parameters, of the query and of the route', () => {
    const key = (url: string, params: Record<string, string>) =>
      responseKey(everybody, { ...requestOf(url), params }, []);
    expect(key('/a?x=1&y=2', { a: '1', b: '2' })).toEqual(key('/a?y=2&x=1', { b: '2', a: '1' }));
  });

  test('shows the path, for patterns, and nothing of query and headers', () => {
    const [path, digest] = responseKey(everybody, requestOf('/api/a?token=secret', { cookie: 'secret' }), [
      'cookie',
    ]);
    expect(path).toBe('/api/a');
    expect(digest).toMatch(/^[\w-]{43}$/);
    expect(String(responseKey(everybody, requestOf(`/${'x'.repeat(900)}`), [])[0])).toHaveLength(200);
  });
});
