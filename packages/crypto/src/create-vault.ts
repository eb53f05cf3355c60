import { checkVaultOptions } from './check-vault-options';
import type { Vault, VaultOptions } from './types';
import { UniteVault } from './vault/unite-vault';

/**
 * Encrypts fields so that a value can be read only where it was put: for this tenant, in this table, column and row.
 *
 * Root keys are the provider's. Each tenant has data keys of its own, wrapped under a root key and kept in a store;
 * each column has a key derived from them (HKDF). Values are sealed with key-committing XAES-256-GCM. Making a vault
 * does no I/O.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * const vault = createVault({ keys: fileKeyring('./keys.json') });
 * const email = vault.field('contacts', 'email', { search: 'equality' });
 * const stored = await email.encrypt('ada@example.com', { rowId: 7, tenantId: 'acme' });
 */
export function createVault(options: VaultOptions): Vault {
  const store = checkVaultOptions(options);
  return new UniteVault(options, store) as Vault;
}
