import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { postgresLedger, quotaLedgerSql } from '../../src/postgres';
import { atMs, event } from './support/event';
import { startDatabase, type TestDatabase } from './support/start-database';

const document = readFileSync(join(__dirname, '../../../../docs/scaling.md'), 'utf8');
const [partitions = '', retention = ''] = [...document.matchAll(/```sql\n([\s\S]*?)```/g)].map(
  ([, sql]) => sql,
);

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await startDatabase();
  pool = database.pool();
  await pool.query('DROP TABLE IF EXISTS unite_quota_events');
  await pool.query(partitions);
  await pool.query(quotaLedgerSql());
});
afterAll(async () => database?.[Symbol.asyncDispose]());

const count = async () =>
  (await pool.query('SELECT count(*)::int AS count FROM unite_quota_events')).rows[0].count;

test('the ledger on the partitions of docs/scaling.md has each event once, and its sums', async () => {
  const ledger = postgresLedger(pool, { namespace: 'partitioned' });
  const tenants = Array.from({ length: 40 }, (_, tenant) => `tenant-${tenant}`);
  const events = tenants.map((tenantId) => event({ tenantId, id: 'same', amounts: { apiCalls: 2 } }));
  const append = () => Promise.all(events.map((one) => ledger.append(one, undefined)));
  expect(new Set(await append())).toEqual(new Set(['stored']));
  expect(new Set(await append())).toEqual(new Set(['repeated']));
  expect(await count()).toBe(40);
  const spread = await pool.query('SELECT DISTINCT tableoid FROM unite_quota_events');
  expect(spread.rows.length).toBeGreaterThan(8);
  const [total] = await ledger.totals('tenant-7', 0, 2 * atMs);
  expect(total?.amount).toBe(2n);
});

test('what is older than docs/scaling.md keeps it is deleted, partition by partition, and nothing else', async () => {
  await pool.query(
    "UPDATE unite_quota_events SET ingested_at = now() - interval '63 days' WHERE tenant_id < 'tenant-2'",
  );
  const old = await pool.query(
    "SELECT 1 FROM unite_quota_events WHERE ingested_at < now() - interval '62 days'",
  );
  expect(old.rows.length).toBeGreaterThan(5);
  for (let part = 0; part < 16; part += 1)
    await pool.query(retention.replaceAll('unite_quota_events_0', `unite_quota_events_${part}`));
  expect(await count()).toBe(40 - old.rows.length);
});

test('partitions by time would take an event that is sent again for another one', async () => {
  const byTime = (key: string) => `
    CREATE TABLE by_time (tenant_id text, event_id text, occurred_at_ms bigint, PRIMARY KEY (${key}))
    PARTITION BY RANGE (occurred_at_ms);
    CREATE TABLE by_time_all PARTITION OF by_time DEFAULT;`;
  await expect(pool.query(byTime('tenant_id, event_id'))).rejects.toThrow(
    'must include all partitioning columns',
  );
  await pool.query(byTime('tenant_id, event_id, occurred_at_ms'));
  const insert = 'INSERT INTO by_time VALUES ($1, $2, $3) ON CONFLICT DO NOTHING';
  const sent = [1, 2].map((occurredAtMs) => pool.query(insert, ['acme', 'order-17', occurredAtMs]));
  expect((await Promise.all(sent)).map(({ rowCount }) => rowCount)).toEqual([1, 1]);
});
