import { expect, test } from '@jest/globals';
import { DataKey } from '../../src/vault/data-key';

test('a key that was destroyed encrypts nothing, and is overwritten', () => {
  const bytes = Buffer.alloc(32, 7);
  const key = new DataKey(bytes, { keyId: 1, tenantId: 'acme' }, 0);
  expect(key.field('a.b', 'a', 'b')).toBe(key.field('a.b', 'a', 'b'));
  key.destroy();
  expect(() => key.field('a.b', 'a', 'b')).toThrow(
    expect.objectContaining({ code: 'UNITE_CRYPTO_KEY_DESTROYED' }),
  );
  expect(bytes).toEqual(Buffer.alloc(32));
});
