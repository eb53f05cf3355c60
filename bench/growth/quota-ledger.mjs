import { createRequire } from 'node:module';
import { postgresLedger } from '../../packages/quota/dist/postgres.js';

const { Pool } = createRequire(new URL('../../packages/quota/package.json', import.meta.url))('pg');

/** The ledger in PostgreSQL: events that are appended at once, and so with one statement. */
export async function quotaLedger(axes, { postgres }) {
  const database = await postgres();
  const pool = new Pool({ connectionString: database.url, max: 4 });
  const ledger = postgresLedger(pool, { timeoutMs: 30_000 });
  const occurredAtMs = Date.now();
  let id = 0;
  const event = () => {
    id += 1;
    return {
      tenantId: `tenant-${id % 50}`,
      id: `event-${id}`,
      kind: 'use',
      occurredAtMs,
      amounts: { apiCalls: 1 },
      costs: [],
      fingerprint: 'apiCalls=1',
    };
  };
  await axes.measure({
    name: 'quota: events of one append to the ledger',
    operation: 'an append of all of them',
    x: 'size',
    points: [1, 10, 100, 1_000].map((x) => ({
      x,
      run: async (calls) => {
        for (let call = 0; call < calls; call++) {
          await Promise.all(Array.from({ length: x }, () => ledger.append(event(), undefined)));
        }
      },
    })),
    servers: [database],
    roundMs: 30,
  });
  await ledger.close();
  await pool.end();
}
