import { createRequire } from 'node:module';
import { createVault } from '../../packages/crypto/dist/index.js';
import { memoryKeyring, postgresKeyStore } from '../../packages/crypto/dist/keys.js';

const require = createRequire(new URL('../../packages/crypto/package.json', import.meta.url));
const { Pool } = require('pg');

/**
 * What each process has of its own: a pool, a vault and the table.
 *
 * @param {{ databaseUrl: string, rootKey: string, ttlMs: number }} shared what all have in common
 */
export function open({ databaseUrl, rootKey, ttlMs }) {
  const pool = new Pool({ connectionString: databaseUrl, max: 8 });
  pool.on('error', () => {});
  const vault = createVault({
    keys: memoryKeyring({ keys: { root: Buffer.from(rootKey, 'hex') } }),
    store: postgresKeyStore(pool),
    keyCache: { ttlMs },
  });
  const contacts = vault.table('contacts', {
    rowId: 'id',
    tenantId: 'tenant_id',
    columns: { email: { index: 'email_index' } },
  });
  return { pool, vault, contacts };
}

/** The value of a row after so many writes. */
export function emailOf(tenantId, id, version) {
  return `${version}.${id}@${tenantId}.example`;
}

export function tenantsOf(count) {
  return Array.from({ length: count }, (_, at) => `tenant-${String(at).padStart(2, '0')}`);
}
