import { createRequire } from 'node:module';
import { startPostgres, startRedis } from '../../scripts/services/dist/index.js';

const { contactCount } = createRequire(import.meta.url)('./work.cjs');
const pg = createRequire(import.meta.url)('pg');

/** A PostgreSQL with a replica and the contacts, and a Redis, of this run. */
export async function startServices() {
  const [postgres, redis] = await Promise.all([
    startPostgres({ replicas: 1 }),
    startRedis({ settings: { save: '' } }),
  ]);
  await createContacts(postgres);
  return {
    env: {
      DATABASE_URL: postgres.primaryUrl,
      REPLICA_URL: postgres.replicaUrls[0],
      REDIS_URL: redis.url,
    },
    close: () => Promise.all([postgres.close(), redis.close()]),
  };
}

async function createContacts({ primaryUrl, replicaUrls }) {
  const [primary, replica] = [primaryUrl, replicaUrls[0]].map((url) => new pg.Client(url));
  await Promise.all([primary.connect(), replica.connect()]);
  await primary.query(`
    CREATE TABLE contacts (id int PRIMARY KEY, name text, email text, stage text, score int, updated_at timestamptz);
    INSERT INTO contacts
      SELECT id, 'Contact ' || id, 'contact-' || id || '@example.com', 'qualified', id % 100, now()
      FROM generate_series(1, ${contactCount}) AS id;
    ANALYZE contacts`);
  const { rows } = await primary.query('SELECT pg_current_wal_lsn() AS lsn');
  for (let isThere = false; !isThere; ) {
    const reply = await replica.query('SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS there', [
      rows[0].lsn,
    ]);
    isThere = reply.rows[0].there;
  }
  await Promise.all([primary.end(), replica.end()]);
}
