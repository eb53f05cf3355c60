// Encrypts the contacts that are not under their workspace's newest key: those from before they were encrypted, and after
// `unite keys rotate` all others. The application may run meanwhile; what is interrupted goes on where it was.
import { createSweep } from '@unite/crypto/rotate';
import pg from 'pg';
import { encryptedColumns } from '../lib/contacts/encrypted-columns.mjs';
import { withVault } from './crm-vault.mjs';
import { databaseOptions } from './database-options.mjs';
import { withOwner } from './owner-client.mjs';

const { columns, ...options } = encryptedColumns;
/** What is stored in plaintext may be read by this alone, to encrypt it. */
const plaintext = { until: new Date(Date.now() + 86_400_000) };

await withOwner('crm-encrypt', async (client, databaseUrl) => {
  const { rows } = await client.query('select id from workspaces order by position');
  await withVault(databaseUrl, async (vault) => {
    const table = vault.table('contacts', {
      ...options,
      columns: Object.fromEntries(
        Object.entries(columns).map(([name, column]) => [name, { ...column, plaintext }]),
      ),
    });
    for (const { id } of rows) await encryptTenant(databaseUrl, vault, table, id);
  });
});

async function encryptTenant(databaseUrl, vault, table, tenantId) {
  // Row-level security binds an owner who is no superuser too.
  const options = `-c app.tenant_id=${tenantId}`;
  const pool = new pg.Pool({ ...databaseOptions(databaseUrl), max: 1, options });
  try {
    const { rewritten, failedRows, complete } = await createSweep({
      pool,
      vault,
      table,
      tenants: [tenantId],
    }).run();
    console.log(`encrypt: ${tenantId}, ${rewritten.toLocaleString('en')} contacts`);
    if (complete) return;
    console.error(`encrypt: ${tenantId} is not complete`, failedRows);
    process.exitCode = 1;
  } finally {
    await pool.end();
  }
}
