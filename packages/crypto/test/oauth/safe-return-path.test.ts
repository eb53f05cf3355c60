import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { safeReturnPath } from '../../src/oauth';

test.each([
  ['/contacts', '/contacts'],
  ['/contacts?page=2&q=a%2Fb#top', '/contacts?page=2&q=a%2Fb#top'],
  ['/a/../b', '/b'],
  ['/é', '/%C3%A9'],
  ['/sign?next=//evil.example', '/sign?next=//evil.example'],
  ['/@evil.example', '/@evil.example'],
])('%j is a path of this site', (wanted, path) => {
  expect(safeReturnPath(wanted)).toBe(path);
});

test.each([
  '',
  'contacts',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/ /evil.example',
  '/%2fevil.example',
  '/%2F%2Fevil.example',
  '/%5cevil.example',
  '/%252fevil.example',
  '/%25255Cevil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/%2e//evil.example',
  '/a/..//evil.example',
  '/x//evil.example',
  '/./\\evil.example',
  'https://evil.example',
  'https:evil.example',
  'http:/\\evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  '?x',
  '#x',
  '/\0/evil.example',
  '/\r\nSet-Cookie: a=b',
  `/${'a'.repeat(2048)}`,
])('%j is none', (wanted) => {
  expect(safeReturnPath(wanted)).toBe('/');
  expect(safeReturnPath(wanted, '/home')).toBe('/home');
});

test.each(['//evil.example', 'https://evil.example', '/\\evil.example', 'home', '', undefined, null])(
  'a fallback of %j is none either',
  (fallback) => {
    expect(safeReturnPath('//x', fallback as string)).toBe('/');
    expect(safeReturnPath('/contacts', fallback as string)).toBe('/contacts');
  },
);

test('nor is what is no text', () => {
  for (const wanted of [undefined, null, 7, ['/x'], { toString: () => '/x' }, new URL('https://x/y')]) {
    expect(safeReturnPath(wanted)).toBe('/');
  }
});

const pieces = fc.array(
  fc.oneof(
    fc.constantFrom(
      '/',
      '//',
      '\\',
      '.',
      '..',
      '%2e',
      '%2f',
      '%5c',
      '%25',
      '2f',
      '\t',
      '\n',
      ' ',
      '@',
      ':',
      '?',
      '#',
    ),
    fc.constantFrom(
      'evil.example',
      'https:',
      'a',
      '\u2025',
      '\uff0f',
      '\u3002',
      '\ud800',
      '[',
      ']',
      ';',
      '%',
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
  ),
  { maxLength: 12 },
);

test('whatever is asked for, what comes out stays on the site, also once somebody on the way decoded it', () => {
  fc.assert(
    fc.property(pieces, (parts) => {
      const path = safeReturnPath(`/${parts.join('')}`);
      const site = 'https://crm.example:8443';
      for (const spelling of [path, decoded(path), decoded(decoded(path))]) {
        expect(new URL(spelling, site).origin).toBe(site);
        expect(spelling).toMatch(/^\/(?![/\\])/);
      }
      // A header can carry it, and it is stable.
      expect(path).toMatch(/^[!-~]+$/);
      expect(safeReturnPath(path)).toBe(path);
    }),
    { numRuns: 1_000 },
  );
});

function decoded(path: string): string {
  const [before = '', ...after] = path.split(/(?=[?#])/);
  try {
    return [decodeURIComponent(before), ...after].join('');
  } catch {
    return path;
  }
}
