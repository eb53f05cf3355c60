import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { templateFromPathname } from '../../src/request/template-from-pathname';

const notation = (name: string, isCatchAll: boolean) => (isCatchAll ? `[...${name}]` : `[${name}]`);

test.each<[string, Record<string, string | string[] | undefined>, string]>([
  ['/api/contacts', {}, '/api/contacts'],
  ['/api/contacts/42', { id: '42' }, '/api/contacts/[id]'],
  ['/contacts/contacts', { id: 'contacts' }, '/contacts/[id]'],
  ['/teams/7/members/7', { team: '7', member: '7' }, '/teams/[team]/members/[member]'],
  ['/files/a/b/c', { path: ['a', 'b', 'c'] }, '/files/[...path]'],
  ['/x/a/b', { first: 'x', rest: ['a', 'b'] }, '/[first]/[...rest]'],
  ['/search/caf%C3%A9', { q: 'café' }, '/search/[q]'],
  ['/search/caf%C3%A9', { q: 'caf%C3%A9' }, '/search/[q]'],
  ['/search/%E0%A4%A', { q: '%E0%A4%A' }, '/search/[q]'],
  ['/optional', { slug: undefined }, '/optional'],
  ['/rewritten', { id: '9' }, '/rewritten'],
])('%s with %j is %s', (pathname, params, template) => {
  expect(templateFromPathname(pathname, params, notation)).toBe(template);
});

test('no parameter value is left where the values are unlike the fixed segments', () => {
  const value = fc.stringMatching(/^[0-9]{1,8}$/);
  fc.assert(
    fc.property(value, value, (team, member) => {
      const pathname = `/teams/${team}/members/${member}`;
      expect(templateFromPathname(pathname, { team, member }, notation)).toBe(
        '/teams/[team]/members/[member]',
      );
    }),
  );
});
