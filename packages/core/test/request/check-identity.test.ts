import { expect, test } from '@jest/globals';
import { checkIdentity } from '../../src/request/check-identity';

test.each([undefined, null, {}])('%p is anonymous', (identity) => {
  expect(checkIdentity('owner', identity)).toEqual({
    tenantId: undefined,
    userId: undefined,
    plan: undefined,
  });
});

test('takes the three fields and nothing else', () => {
  const session = { tenantId: 't', userId: 'u', plan: 'pro', email: 'ada@acme.example', requestId: 'mine' };
  expect(checkIdentity('owner', session)).toEqual({ tenantId: 't', userId: 'u', plan: 'pro' });
});

test.each([
  ['acme', 'owner: identify must return an object, or nothing for an anonymous request, got "acme"'],
  [true, 'owner: identify must return an object, or nothing for an anonymous request, got true'],
  [{ tenantId: 7 }, 'owner: identify must return "tenantId" as a non-empty string, got 7'],
  [{ userId: '' }, 'owner: identify must return "userId" as a non-empty string, got ""'],
  [{ plan: { name: 'pro' } }, 'owner: identify must return "plan" as a non-empty string, got an object'],
])('refuses %p', (identity, message) => {
  expect(() => checkIdentity('owner', identity as never)).toThrow(new TypeError(message));
});
