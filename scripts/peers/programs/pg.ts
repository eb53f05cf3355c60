import assert from 'node:assert/strict';
import { createVault } from '@unite/crypto';
import { keyStoreSql, memoryKeyring, postgresKeyStore } from '@unite/crypto/keys';
import { encryptedQueries } from '@unite/crypto/pg';
import { createLifecycle } from '@unite/ops';
import { postgresCheck } from '@unite/ops/checks';
import { verifyDatabase } from '@unite/ops/verify';
import { createQuota, definePlans } from '@unite/quota';
import { postgresLedger, quotaLedgerSql } from '@unite/quota/postgres';
import pg from 'pg';

const url = process.env.POSTGRES_URL ?? '';
const pool = new pg.Pool({ connectionString: url });
const tenantId = crypto.randomUUID();

await pool.query(quotaLedgerSql());
const plans = definePlans({ free: { apiCallsPerDay: 2, contactsMax: 2 } });
const quota = createQuota({ plans, ledger: postgresLedger(pool) });
await quota.check({ tenantId, plan: 'free', use: { apiCalls: 2 } });
const client = await pool.connect();
await client.query('BEGIN');
const claim = { tenantId, plan: 'free', count: async () => 2 } as const;
await assert.rejects(quota.claimResource(client, 'contacts', claim), { code: 'UNITE_QUOTA_EXCEEDED' });
await client.query('ROLLBACK');
client.release();
await quota.close();
// Counts come back from the ledger.
const again = createQuota({ plans, ledger: postgresLedger(pool) });
assert.equal((await again.usage(tenantId, { plan: 'free' })).limits[0]?.used, 2);
await again.close();

await pool.query(keyStoreSql());
await pool.query('CREATE TABLE IF NOT EXISTS people (id text, tenant_id text, email text, email_index text)');
const vault = createVault({ keys: memoryKeyring(), store: postgresKeyStore(pool) });
const people = vault.table('people', {
  rowId: 'id',
  tenantId: 'tenant_id',
  columns: { email: { index: 'email_index' } },
});
const row = { id: tenantId, tenant_id: tenantId, email: 'ada@example.com' };
await encryptedQueries(pool).insert(people, row);
const [found] = await encryptedQueries(pool).find(people, { email: row.email, tenant_id: tenantId });
assert.equal(found?.email, row.email);
const stored = await pool.query('SELECT email FROM people WHERE id = $1', [row.id]);
assert.notEqual(stored.rows[0].email, row.email);

const lifecycle = createLifecycle({ checks: { postgres: postgresCheck(pool, { timeoutMs: 10_000 }) } });
await lifecycle.start();
const health = await lifecycle.health();
assert.equal(health.status, 'up', JSON.stringify(health));
const verifier = verifyDatabase({ nodes: [{ url }], Client: pg.Client });
const findings = await verifier.run({ signal: AbortSignal.timeout(60_000), nonce: tenantId, note: () => {} });
assert.deepEqual(
  findings.filter(({ status }) => status === 'failed'),
  [],
);

await pool.end();
console.log('quota ledger and claims, key store, encrypted rows, health check, unite verify');
