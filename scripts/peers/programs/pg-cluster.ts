import assert from 'node:assert/strict';
import { createCluster, DatabaseError, idempotencyTableSql } from '@unite/db-ha';
import pg from 'pg';

const nodes = [process.env.POSTGRES_URL, process.env.REPLICA_URL].map((url) => ({ url: url ?? '' }));
const db = createCluster({ nodes, Pool: pg.Pool, reads: { waitForReplicaMs: 10_000 } });
const table = `peers_${Date.now()}`;

await db.query(`CREATE TABLE ${table} (name text)`);
await db.query(`INSERT INTO ${table} VALUES ($1)`, ['Ada']);
const read = await db.readOnly().query(`SELECT name, pg_is_in_recovery() AS on_replica FROM ${table}`);
assert.deepEqual(read.rows, [{ name: 'Ada', on_replica: true }]);
await assert.rejects(db.readOnly().query(`DELETE FROM ${table}`));

await db.query(idempotencyTableSql());
const insert = () =>
  db.transaction(async (tx) => (await tx.query(`INSERT INTO ${table} VALUES ('Grace')`)).rowCount, {
    idempotencyKey: table,
  });
assert.deepEqual([await insert(), await insert()], [1, 1]);
const client = await db.connect();
assert.deepEqual((await client.query(`SELECT count(*)::int FROM ${table}`)).rows, [{ count: 2 }]);
client.release();
await assert.rejects(db.query('SELECT no_such_column'), (error) => !DatabaseError.isInstance(error));

// Of the older interface, which this one stands in for.
await new Promise<void>((resolve, reject) => {
  db.query('SELECT 1 AS one', (error: Error | undefined, result: pg.QueryResult) =>
    error ? reject(error) : resolve(assert.deepEqual(result.rows, [{ one: 1 }])),
  );
});
await db.close();
console.log('reads of a replica, own writes, an idempotent transaction, clients, callbacks');
