import { describeValue } from '@unite/shared';
import { CryptoError } from '../errors';
import { fitsName, maxNameBytes } from './fits-name';

/**
 * A tenant's id.
 *
 * @throws CryptoError `UNITE_CRYPTO_TENANT_MISSING` or `UNITE_CRYPTO_PLACE_INVALID`
 */
export function checkTenant(tenantId: unknown): string {
  if (fitsName(tenantId)) return tenantId;
  if (tenantId === undefined) {
    throw new CryptoError(
      'UNITE_CRYPTO_TENANT_MISSING',
      'no tenant: neither the call nor the context nor the vault\'s option "tenantId" names one',
    );
  }
  throw new CryptoError(
    'UNITE_CRYPTO_PLACE_INVALID',
    `a tenant must be text of 1 to ${maxNameBytes} bytes of UTF-8, got ${describeValue(tenantId)}`,
  );
}
