import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import type { AppendOutcome, LedgerEvent } from '../../src/ledger/ledger-types';
import { postgresLedger } from '../../src/postgres';
import { atMs, event } from './support/event';
import { startDatabase, type TestDatabase } from './support/start-database';

const quarter = 900_000;
const processes = 8;

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await startDatabase();
  pool = database.pool();
});
afterAll(async () => database?.[Symbol.asyncDispose]());

/** As so many processes would have: nothing in common but the database. */
function newLedgers(namespace: string) {
  return Array.from({ length: processes }, () =>
    postgresLedger(database.pool({ max: 3 }), { namespace, maxBatch: 50, timeoutMs: 20_000 }),
  );
}

async function deadlocks(): Promise<number> {
  const { rows } = await pool.query(
    `SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()`,
  );
  return rows[0].deadlocks;
}

test('eight processes that write the same ids agree to the unit', async () => {
  const ledgers = newLedgers('agree');
  const tenants = Array.from({ length: 12 }, (_, index) => `tenant-${index}`);
  const epochs = new Map<string, number>();
  for (const tenant of tenants)
    await ledgers[0]?.rehydrate(tenant, [], async (epoch) => void epochs.set(tenant, epoch));

  // Ids are few, so that most come from several processes at once, some with another content.
  const attempts = Array.from({ length: 6_000 }, (_, index): LedgerEvent => {
    const number = (index * 7_919) % 2_500;
    const variant = index % 5 === 0 ? 'other' : 'one';
    return event({
      tenantId: tenants[number % tenants.length] as string,
      id: `id-${number}`,
      fingerprint: variant,
      occurredAtMs: atMs + (number % 7) * 300_000,
      route: `GET /${number % 3}`,
      amounts: { apiCalls: number + (variant === 'one' ? 0 : 1_000_000), aiTokens: 3 },
      costs: [
        { unit: 'aiTokens', model: `m${number % 2}`, amount: 3, costNanoUsd: BigInt(number) * 10n ** 15n },
      ],
    });
  });
  const before = await deadlocks();
  const outcomes = await Promise.all(
    attempts.map(async (one, index) => {
      const epoch = index % 2 === 0 ? epochs.get(one.tenantId) : undefined;
      return (await ledgers[index % processes]?.append(one, epoch)) as AppendOutcome;
    }),
  );
  expect(await deadlocks()).toBe(before);

  const stored = new Map<string, LedgerEvent>();
  for (const [index, one] of attempts.entries()) {
    if (outcomes[index] !== 'stored') continue;
    expect(stored.has(one.id)).toBe(false);
    stored.set(one.id, one);
  }
  expect(stored.size).toBe(2_500);
  for (const [index, one] of attempts.entries()) {
    if (outcomes[index] === 'stored') continue;
    const isSame = stored.get(one.id)?.fingerprint === one.fingerprint;
    expect(outcomes[index]).toBe(isSame ? 'repeated' : 'reused');
  }

  for (const tenantId of tenants) {
    const own = [...stored.values()].filter((one) => one.tenantId === tenantId);
    const sumOf = (unit: string) => own.reduce((sum, { amounts }) => sum + (amounts[unit] ?? 0), 0);
    const cost = own.reduce((sum, { costs }) => sum + (costs[0]?.costNanoUsd ?? 0n), 0n);
    // The sums that are kept, those of single events, and our own.
    for (const [from, to] of [
      [atMs, atMs + 3 * quarter],
      [atMs - 1, atMs + 3 * quarter - 1],
    ] as const) {
      const totals = (await ledgers[0]?.totals(tenantId, from, to)) ?? [];
      const total = (unit: string) =>
        totals.filter((one) => one.unit === unit).reduce((sum, { amount }) => sum + Number(amount), 0);
      expect([total('apiCalls'), total('aiTokens')]).toEqual([sumOf('apiCalls'), sumOf('aiTokens')]);
      expect(totals.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n)).toBe(cost);
    }
    let sums: readonly number[] = [];
    const spans = ['apiCalls', 'aiTokens'].map((unit) => ({
      unit,
      startAtMs: atMs,
      endAtMs: atMs + 3 * quarter,
    }));
    await ledgers[1]?.rehydrate(tenantId, spans, async (_, found) => {
      sums = found;
    });
    expect(sums).toEqual([sumOf('apiCalls'), sumOf('aiTokens')]);
  }
  await keepsSums('agree');
});

/** What is kept by quarter of an hour is what its events come to, by a computation of its own. */
async function keepsSums(source: string): Promise<void> {
  const { rows } = await pool.query(
    `WITH events AS (
      SELECT tenant_id, occurred_at_ms / 900000 AS quarter, unit.key AS unit, sum(unit.value::numeric) AS counted
      FROM unite_quota_events, jsonb_each_text(amounts) AS unit WHERE source = $1 GROUP BY 1, 2, 3
    ), kept AS (
      SELECT tenant_id, bucket_at_ms / 900000 AS quarter, unit, sum(counted) AS counted
      FROM unite_quota_usage WHERE source = $1 GROUP BY 1, 2, 3
    )
    SELECT count(*)::int AS rows, (count(*) FILTER (WHERE events.counted IS DISTINCT FROM kept.counted))::int AS wrong
    FROM events FULL JOIN kept USING (tenant_id, quarter, unit)`,
    [source],
  );
  expect(rows[0].wrong).toBe(0);
  expect(rows[0].rows).toBeGreaterThan(0);
}

test.each([
  ['commits at once', false],
  ['commits that are held back', true],
])('what is decided on replaced counts never lands after they were summed: %s', async (_, isSlow) => {
  const namespace = `epochs-${isSlow}`;
  if (isSlow) {
    // A deferred trigger runs within the commit.
    await pool.query(`
      CREATE FUNCTION hold_back() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_sleep(random() * 0.004); RETURN NULL; END';
      CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON unite_quota_events
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.amounts ? 'slow') EXECUTE FUNCTION hold_back()`);
  }
  const ledgers = newLedgers(namespace);
  const span = { unit: 'apiCalls', startAtMs: atMs, endAtMs: atMs + quarter };
  const attempts = isSlow ? 1_000 : 1_500;
  const amounts = isSlow ? { apiCalls: 1, slow: 1 } : { apiCalls: 1 };
  /** The store's counter; it is lost every now and then, and whoever finds it missing has it installed. */
  let counter: { epoch: number; used: number } | undefined;
  let tried = 0;
  let stale = 0;
  const sums = new Map<number, number>();

  const work = async (ledger: (typeof ledgers)[number]) => {
    while (tried < attempts) {
      if (!counter) {
        await ledger.rehydrate('acme', [span], async (epoch, [used = 0]) => {
          if (!counter || counter.epoch < epoch) counter = { epoch, used };
          sums.set(epoch, used);
        });
        continue;
      }
      tried += 1;
      counter.used += 1;
      const { epoch } = counter;
      const outcome = await ledger.append(event({ amounts, priceVersion: String(epoch) }), epoch);
      if (outcome === 'stale') stale += 1;
      else expect(outcome).toBe('stored');
      if (Math.random() < 0.02) counter = undefined;
    }
  };
  await Promise.all(ledgers.flatMap((ledger) => [work(ledger), work(ledger), work(ledger)]));

  expect(stale).toBeGreaterThan(0);
  expect(sums.size).toBeGreaterThan(20);
  // Whatever was decided before an epoch and was ever written, was written when it was summed.
  for (const [epoch, sum] of sums) {
    const { rows } = await pool.query(
      'SELECT count(*)::int FROM unite_quota_events WHERE source = $1 AND price_version::bigint < $2',
      [namespace, epoch],
    );
    expect(sum).toBe(rows[0].count);
  }
  await keepsSums(namespace);
});
