import { randomBytes } from 'node:crypto';
import { keyStoreSql } from '../../packages/crypto/dist/keys.js';
import { sweepSql } from '../../packages/crypto/dist/rotate.js';
import { startPostgres } from '../../scripts/services/dist/index.js';
import { emailOf, open, tenantsOf } from './open.mjs';

/** A PostgreSQL with a table of encrypted rows, and what is done to it from outside. */
export async function startSetUp({ tenants, rowsPerTenant, ttlMs }) {
  const postgres = await startPostgres({ replicas: 0 });
  const shared = { databaseUrl: postgres.primaryUrl, rootKey: randomBytes(32).toString('hex'), ttlMs };
  const { pool, vault, contacts } = open(shared);
  const names = tenantsOf(tenants);
  await pool.query(`${keyStoreSql()}; ${sweepSql()}`);
  await pool.query(`
    CREATE TABLE contacts (
      tenant_id text NOT NULL, id int NOT NULL, email text NOT NULL, email_index text NOT NULL,
      PRIMARY KEY (tenant_id, id)
    );
    CREATE INDEX ON contacts (tenant_id, email_index)`);
  for (const tenant_id of names) await fill(tenant_id);
  await pool.query('ANALYZE contacts');

  return {
    shared,
    /** Gives every tenant a new key. Resolves to the ids of the previous ones. */
    async rotate(activeAfterMs) {
      const previous = new Map();
      for (const tenantId of names) {
        const { keys } = await vault.keys.describe(tenantId);
        previous.set(tenantId, keys[0].keyId);
        await vault.keys.rotate(tenantId, { activeAfterMs });
      }
      return previous;
    },
    async countStale() {
      vault.forget();
      let stale = 0;
      for (const tenantId of names) {
        const prefix = await contacts.field('email').currentPrefix({ tenantId });
        const { rows } = await pool.query(
          'SELECT count(*)::int AS stale FROM contacts WHERE tenant_id = $1 AND NOT starts_with(email, $2)',
          [tenantId, prefix],
        );
        stale += rows[0].stale;
      }
      return stale;
    },
    async retire(previous) {
      let retired = 0;
      for (const [tenantId, keyId] of previous) if (await vault.keys.retire(tenantId, keyId)) retired += 1;
      return retired;
    },
    /** Reads every row, and looks for it by its value. */
    async check(expected) {
      const found = { unreadable: 0, lost: 0, missed: 0 };
      for (const tenantId of names) {
        const { rows } = await pool.query('SELECT * FROM contacts WHERE tenant_id = $1', [tenantId]);
        for (const row of rows) {
          const email = emailOf(tenantId, row.id, expected[`${tenantId}/${row.id}`] ?? 0);
          const plain = await contacts.decrypt(row).catch(() => undefined);
          if (!plain) found.unreadable += 1;
          else if (plain.email !== email) found.lost += 1;
          const { values } = await contacts.find('email', email, { tenantId });
          if (!values.includes(row.email_index)) found.missed += 1;
        }
        found.unreadable += rowsPerTenant - rows.length;
      }
      return found;
    },
    async close() {
      await vault.close();
      await pool.end();
      await postgres.close();
    },
  };

  async function fill(tenant_id) {
    const plain = Array.from({ length: rowsPerTenant }, (_, id) => ({
      tenant_id,
      id,
      email: emailOf(tenant_id, id, 0),
    }));
    const rows = [];
    for (const row of plain) rows.push(await contacts.encrypt(row));
    await pool.query(
      `INSERT INTO contacts (tenant_id, id, email, email_index)
       SELECT $1, * FROM unnest($2::int[], $3::text[], $4::text[])`,
      [
        tenant_id,
        rows.map(({ id }) => id),
        rows.map(({ email }) => email),
        rows.map((row) => row.email_index),
      ],
    );
  }
}
