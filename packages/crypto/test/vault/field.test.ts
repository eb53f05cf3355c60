import { describe, expect, test } from '@jest/globals';
import { createVault } from '../../src';
import { memoryKeyring } from '../../src/keys';

describe('a field', () => {
  test('is read where it was written, and nowhere else', async () => {
    const vault = createVault({ keys: memoryKeyring() });
    const email = vault.field('contacts', 'email', { search: 'equality' });
    const stored = await email.encrypt('ada@example.com', { rowId: 7, tenantId: 'acme' });
    expect(stored).toHaveLength(Math.ceil(((15 + 78) * 4) / 3));
    await expect(email.decrypt(stored, { rowId: '7', tenantId: 'acme' })).resolves.toBe('ada@example.com');
    await expect(email.decrypt(stored, { rowId: 8, tenantId: 'acme' })).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_AUTHENTICATION_FAILED',
    });
    await expect(email.decrypt(stored, { rowId: 7, tenantId: 'globex' })).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_TENANT_MISMATCH',
    });
    const phone = vault.field('contacts', 'phone');
    await expect(phone.decrypt(stored, { rowId: 7, tenantId: 'acme' })).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_COMMITMENT_MISMATCH',
      message: 'contacts.phone: Encrypted under another key, or altered',
    });
    expect(vault.status()).toMatchObject({
      encrypted: 1,
      decrypted: 1,
      keyCalls: { generate: 1, unwrap: 0 },
    });
  });
});
