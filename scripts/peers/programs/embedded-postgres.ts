import assert from 'node:assert/strict';
import { createCluster } from '@unite/db-ha';
import { startFaultProxy, startPostgres } from '@unite/db-ha/testing';
import pg from 'pg';

const servers = await startPostgres({ replicas: 1 });
const proxy = await startFaultProxy({ target: servers.replicaUrls[0] ?? '' });
const nodes = [{ url: servers.primaryUrl }, { url: proxy.url(servers.replicaUrls[0]) }];
const db = createCluster({ nodes, Pool: pg.Pool, reads: { waitForReplicaMs: 10_000 } });
await db.query('CREATE TABLE contacts (name text)');
const { rows } = await db
  .readOnly()
  .query(
    'SELECT pg_is_in_recovery() AS on_replica, version() FROM contacts RIGHT JOIN (SELECT) AS one ON true',
  );
assert.equal(rows[0].on_replica, true);
await proxy.set('reset');
assert.deepEqual((await db.readOnly().query('SELECT 1 AS one')).rows, [{ one: 1 }]);
await Promise.all([db.close(), proxy.close()]);
await servers.close();
console.log(`a primary and a replica of ${rows[0].version.split(' on ')[0]}, a fault`);
