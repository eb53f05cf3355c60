import assert from 'node:assert/strict';
import { createVault } from '@unite/crypto';
import { memoryKeyring } from '@unite/crypto/keys';
import { encryptedDialect } from '@unite/crypto/kysely';
import { createCluster } from '@unite/db-ha';
import { clusterDialect, readOnly, transactionDialect } from '@unite/db-ha/kysely';
import { type Generated, Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';

interface Database {
  kysely_people: { id: number; tenant_id: string; email: string; email_index: Generated<string | null> };
}

const nodes = [process.env.POSTGRES_URL, process.env.REPLICA_URL].map((url) => ({ url: url ?? '' }));
const cluster = createCluster({ nodes, Pool: pg.Pool, reads: { waitForReplicaMs: 10_000 } });
const vault = createVault({ keys: memoryKeyring() });
const people = vault.table('kysely_people', {
  rowId: 'id',
  tenantId: 'tenant_id',
  columns: { email: { index: 'email_index' } },
});
const dialect = encryptedDialect(clusterDialect(cluster, PostgresDialect), [people]);
const db = new Kysely<Database>({ dialect });
const reader = db.withPlugin(readOnly());

await db.schema.dropTable('kysely_people').ifExists().execute();
await db.schema
  .createTable('kysely_people')
  .addColumn('id', 'integer', (column) => column.primaryKey())
  .addColumn('tenant_id', 'text')
  .addColumn('email', 'text')
  .addColumn('email_index', 'text')
  .execute();
const ada = { id: 7, tenant_id: 'acme', email: 'ada@example.com' };
await db.insertInto('kysely_people').values(ada).execute();
const found = await reader
  .selectFrom('kysely_people')
  .select(['id', 'tenant_id', 'email'])
  .where('tenant_id', '=', 'acme')
  .where('email', '=', ada.email)
  .execute();
assert.deepEqual(found, [ada]);
await db
  .updateTable('kysely_people')
  .set({ email: 'a@b.c' })
  .where('tenant_id', '=', 'acme')
  .where('id', '=', 7)
  .execute();
await assert.rejects(reader.selectFrom('kysely_people').selectAll().where('email', 'like', 'a%').execute());

const { rows } = await cluster.query('SELECT email FROM kysely_people');
assert.notEqual(rows[0].email, 'a@b.c');
const where = await sql<{ here: boolean }>`SELECT pg_is_in_recovery() AS here`.execute(reader);
assert.equal(where.rows[0]?.here, true);
await cluster.transaction(async (tx) => {
  const inside = new Kysely<Database>({ dialect: transactionDialect(tx, PostgresDialect) });
  await inside.deleteFrom('kysely_people').execute();
});
assert.deepEqual(await db.selectFrom('kysely_people').selectAll().execute(), []);
await db.destroy();
await cluster.close();
console.log(
  'encrypted rows over a cluster: schema, insert, search, update, reads of a replica, a transaction',
);
