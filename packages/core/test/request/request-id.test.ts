import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { requestIdFrom } from '../../src/request/request-id';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

test.each(['a', '7f3a', '01HXYZ', 'a/b:c=d+e@f~g._-', 'x'.repeat(128)])('keeps %p', (id) => {
  expect(requestIdFrom(id, true)).toBe(id);
  expect(requestIdFrom(id, false)).toMatch(uuid);
});

test.each([undefined, null, '', ' ', 'a b', 'a,b', 'a\nb', 'é', '<script>', '"', 'x'.repeat(129)])(
  'replaces %p',
  (id) => {
    expect(requestIdFrom(id, true)).toMatch(uuid);
  },
);

test('whatever comes in, what goes out is safe in a header, a log line and a URL', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (header) => {
      expect(requestIdFrom(header, true)).toMatch(/^[A-Za-z0-9._~:+/=@-]{1,128}$/);
    }),
  );
});
