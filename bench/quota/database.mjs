import { createRequire } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import { quotaLedgerSql } from '../../packages/quota/dist/postgres.js';
import { startPostgres } from '../../scripts/services/dist/index.js';

const require = createRequire(new URL('../../packages/quota/package.json', import.meta.url));
const { Pool } = require('pg');

/** A PostgreSQL with the tables of the ledger. */
export async function startDatabase() {
  const postgres = await startPostgres({ replicas: 0 });
  const pool = new Pool({ connectionString: postgres.primaryUrl, max: 2, application_name: 'bench' });
  await pool.query(quotaLedgerSql());
  return {
    url: postgres.primaryUrl,
    query: (text, values) => pool.query(text, values),
    /** Resolves when nobody else is connected, and so nothing is being written. */
    async isQuiet() {
      const others = `select count(*)::int as count from pg_stat_activity
        where datname = current_database() and backend_type = 'client backend' and application_name <> 'bench'`;
      while ((await pool.query(others)).rows[0].count > 0) await setTimeout(10);
    },
    async close() {
      await pool.end();
      await postgres.close();
    },
  };
}
