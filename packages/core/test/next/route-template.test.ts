import { expect, test } from '@jest/globals';
import { routeTemplate, templateOf } from '../../src/next/route-template';

test.each([
  ['/api/contacts/[id]/route', '/api/contacts/[id]'],
  ['/(app)/contacts/page', '/contacts'],
  ['/(shop)/@modal/items/[id]/page', '/items/[id]'],
  ['/page', '/'],
  ['/(marketing)/page', '/'],
  ['/route/[page]/route', '/route/[page]'],
  ['/files/[...path]/route', '/files/[...path]'],
])('Next calls %s what answers at %s', (route, template) => {
  expect(templateOf(route)).toBe(template);
});

test('a catch-all is written as Next writes it', async () => {
  const request = new Request('http://crm.example/files/a/b');
  expect(await routeTemplate(request, { params: Promise.resolve({ path: ['a', 'b'] }) })).toBe(
    '/files/[...path]',
  );
});
