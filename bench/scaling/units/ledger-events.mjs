import { createRequire } from 'node:module';
import { postgresLedger, quotaLedgerSql } from '../../../packages/quota/dist/postgres.js';
import { startPostgres } from '../../../scripts/services/dist/index.js';
import { processorUs } from './server-processor.mjs';
import { figure, inTurns, unitCost } from './unit-cost.mjs';

const require = createRequire(new URL('../../package.json', import.meta.url));
const { Pool } = require('pg');

const tenants = 500;
const routes = 20;
const quarterMs = 900_000;

/** PostgreSQL's processor time for an event of the ledger, by how many go together, and what it keeps of it. */
export async function ledgerEvents({ rounds, scale }) {
  const postgres = await startPostgres({ replicas: 0 });
  const pool = new Pool({ connectionString: postgres.primaryUrl, max: 4 });
  try {
    await pool.query(quotaLedgerSql());
    const ledger = postgresLedger(pool, { timeoutMs: 60_000 });
    const used = () => processorUs(postgres.nodes[0].pid);
    const epochs = new Map();
    const welcome = (tenant) =>
      ledger.rehydrate(tenant, spansOf(tenant), async (epoch) => epochs.set(tenant, epoch));
    let made = 0;
    const append = (inFlight) => (calls) =>
      inTurns(Array.from({ length: inFlight }), calls, () => {
        const event = eventOf(made++);
        return ledger.append(event, epochs.get(event.tenantId));
      });
    await inTurns([1, 2, 3, 4], tenants, (_, tenant) => welcome(`tenant-${tenant}`));
    await append(1_000)(2_000);
    const from = await written(pool);
    const of = { unit: 'µs of PostgreSQL', rounds };
    const ledgerBatch1000Us = await unitCost(
      { ...of, what: 'an event of the ledger, 1,000 together', calls: Math.ceil(10_000 * scale) },
      used,
      append(2_000),
    );
    const to = await written(pool);
    const ledgerBatch20Us = await unitCost(
      { ...of, what: 'an event of the ledger, 20 together', calls: Math.ceil(4_000 * scale) },
      used,
      append(40),
    );
    const ledgerBatch1Us = await unitCost(
      { ...of, what: 'an event of the ledger, alone', calls: Math.ceil(1_000 * scale) },
      used,
      append(1),
    );
    const rehydrateUs = await unitCost(
      {
        ...of,
        what: 'a tenant’s counts of three limits, summed from the ledger',
        calls: Math.ceil(1_000 * scale),
      },
      used,
      (calls) => inTurns([1, 2, 3, 4], calls, (_, call) => welcome(`tenant-${call % tenants}`)),
    );
    await pool.query('VACUUM ANALYZE');
    const sizes = `select pg_total_relation_size('unite_quota_events') / count(*)::float as bytes from unite_quota_events`;
    const { rows } = await pool.query(sizes);
    const bytes = (what, value) => figure({ what, unit: 'bytes' }, [Number(value)]);
    return {
      ledgerBatch1000Us,
      ledgerBatch20Us,
      ledgerBatch1Us,
      rehydrateUs,
      ledgerEventBytes: bytes('an event of the ledger, with its two indexes', rows[0].bytes),
      ledgerWalBytes: bytes(
        'an event of the ledger, in the log of PostgreSQL',
        (to.wal - from.wal) / (to.events - from.events),
      ),
      ledgerDeleteUs: await deletion(pool, used),
    };
  } finally {
    await pool.end();
    await postgres.close();
  }
}

function eventOf(index) {
  return {
    tenantId: `tenant-${(index * 7) % tenants}`,
    id: crypto.randomUUID(),
    kind: 'use',
    occurredAtMs: Date.now(),
    amounts: { apiCalls: 1 },
    costs: [],
    route: `GET /api/contacts/${(index * 31) % routes}`,
    fingerprint: 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
  };
}

function spansOf() {
  const endAtMs = Math.ceil((Date.now() + 1) / quarterMs) * quarterMs;
  return [1, 96, 30 * 96].map((quarters) => ({
    unit: 'apiCalls',
    startAtMs: endAtMs - quarters * quarterMs,
    endAtMs,
  }));
}

async function written(pool) {
  const { rows } = await pool.query(
    "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float as wal, (select count(*)::int from unite_quota_events) as events",
  );
  return rows[0];
}

/** As docs/scaling.md keeps what is young: in small pieces, by when it came. */
async function deletion(pool, used) {
  await pool.query('create index on unite_quota_events using brin (ingested_at)');
  const before = used();
  const { rowCount } = await pool.query(
    `delete from unite_quota_events where ctid = any (array(
      select ctid from unite_quota_events where ingested_at < now() limit 5000))`,
  );
  const deleted = used();
  await pool.query('vacuum unite_quota_events');
  const us = (used() - before) / rowCount;
  return figure({ what: 'an event of the ledger, deleted and vacuumed', unit: 'µs of PostgreSQL' }, [
    (deleted - before) / rowCount,
    us,
    us,
  ]);
}
