import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { createQuota } from '../../packages/quota/dist/index.js';
import { postgresLedger, quotaLedgerSql } from '../../packages/quota/dist/postgres.js';
import { redisStore } from '../../packages/quota/dist/redis.js';
import { startPostgres } from '../../scripts/services/dist/index.js';
import { startRedisServer } from '../cache-staleness/redis-server.mjs';
import { startFleet } from './fleet.mjs';
import { phases } from './phases.mjs';
import { limit, plans } from './plans.mjs';

const require = createRequire(new URL('../../packages/quota/package.json', import.meta.url));
const { createClient } = require('redis');
const { Pool } = require('pg');

const attempts = 5_000;
const inFlight = 200;

/** Plays the phases one after the other, each with a tenant and a Redis of its own. */
export async function runPhases(form, { only, durability, onPhase }) {
  const chosen = phases.filter(({ name, forms }) => (only ? only.includes(name) : forms.includes(form)));
  const postgres = await startPostgres({ replicas: 0 });
  const pool = new Pool({ connectionString: postgres.primaryUrl, max: 4 });
  await pool.query(quotaLedgerSql());
  await pool.query(slowCommits);
  const results = [];
  try {
    for (const phase of chosen) {
      const result = await runPhase(phase, { pool, databaseUrl: postgres.primaryUrl, durability });
      results.push(result);
      onPhase(result);
    }
  } finally {
    await pool.end();
    await postgres.close();
  }
  return results;
}

/** Holds a commit back, where a setting of the database says so. */
const slowCommits = `
create function slow_commit() returns trigger language plpgsql as $$
begin
  perform pg_sleep(coalesce(nullif(current_setting('drill.slow_commit_ms', true), ''), '0')::float / 1000);
  return null;
end $$;
create constraint trigger slow_commit after insert or update on unite_quota_usage
  deferrable initially deferred for each row execute function slow_commit();`;

async function runPhase(
  { name, plan = 'day', redis: settings = {}, slowCommitMs = 0, run },
  { pool, databaseUrl, durability },
) {
  const startMs = performance.now();
  const namespace = `exact-${randomUUID().slice(0, 8)}`;
  const tenantId = 'acme';
  await pool.query(`alter database unite set drill.slow_commit_ms = '${slowCommitMs}'`);
  const server = await startRedisServer({ save: '', ...settings });
  const fleet = await startFleet({ redisUrl: server.url, databaseUrl, namespace, durability });
  try {
    let left = Array.from({ length: attempts }, (_, index) => `attempt-${index}`);
    const attempt = async (share = 1) => {
      const ids = left.slice(0, Math.round(share * attempts));
      // What a phase tries beyond all attempts is tried anew.
      left = left.slice(ids.length);
      const more = Math.round(share * attempts) - ids.length;
      const fresh = Array.from({ length: more }, () => `more-${randomUUID()}`);
      await fleet.attempt([...ids, ...fresh], { tenantId, plan, inFlight });
    };
    await run({ attempt, workers: fleet.workers, redis: { ...server, admitted: fleet.admitted } });
    const statistics = await fleet.settled();
    return judge(
      { name, plan, attempts: fleet.outcomes.length, outcomes: fleet.outcomes, statistics },
      await count(),
    );
  } finally {
    await fleet.close();
    await server.close();
  }

  /** What the ledger and the counters say, by period. */
  async function count() {
    const { rows } = await pool.query(
      `select occurred_at_ms::float8 as at, (amounts->>'apiCalls')::int as amount from unite_quota_events
       where source = $1 and kind <> 'refused'`,
      [namespace],
    );
    const client = createClient({ url: server.url });
    client.on('error', () => {});
    const quota = createQuota({
      plans,
      namespace,
      store: redisStore(client, { namespace }),
      ledger: postgresLedger(pool, { namespace }),
    });
    const { limits } = await quota.usage(tenantId, { plan });
    await quota.close();
    if (client.isOpen) client.destroy();
    return { rows, counter: limits.find(({ limit: most }) => most !== null)?.used };
  }

  function judge({ outcomes, statistics, ...result }, { rows, counter }) {
    const lengthMs = plan === 'minute' ? 60_000 : 86_400_000;
    const periods = [
      ...new Set(
        [...outcomes.map(({ atMs }) => atMs), ...rows.map(({ at }) => at)].map((at) =>
          Math.floor(at / lengthMs),
        ),
      ),
    ]
      .filter(Number.isFinite)
      .sort();
    const inPeriod = (period) => (at) => Math.floor(at / lengthMs) === period;
    const admitted = periods.map(
      (period) => outcomes.filter(({ allowed, atMs }) => allowed && inPeriod(period)(atMs)).length,
    );
    const denied = periods.map(
      (period) => outcomes.filter(({ allowed, atMs }) => !allowed && inPeriod(period)(atMs)).length,
    );
    const ledger = periods.map((period) =>
      rows.filter(({ at }) => inPeriod(period)(at)).reduce((sum, { amount }) => sum + amount, 0),
    );
    const failures = outcomes.filter(({ failure }) => failure);
    const missed = [
      ...periods.flatMap((_, at) =>
        ledger[at] > limit ? [`at most ${limit} in a period, got ${ledger[at]}`] : [],
      ),
      ...periods.flatMap((_, at) =>
        denied[at] > 0 && ledger[at] !== limit ? [`nobody refused before ${limit}, got ${ledger[at]}`] : [],
      ),
      // An answer that was lost and asked for again may come in the next period.
      ...(sum(admitted) === sum(ledger)
        ? []
        : [`the ledger has the ${sum(admitted)} admitted, got ${sum(ledger)}`]),
      ...(ledger.at(-1) === counter ? [] : [`the counter has ${ledger.at(-1)}, got ${counter}`]),
      ...(failures.length === 0 ? [] : [`no failure, got ${failures.length}: ${failures[0].failure}`]),
    ];
    return {
      ...result,
      admitted,
      ledger,
      counter,
      unavailable: outcomes.reduce((sum, { unavailable }) => sum + unavailable, 0),
      rehydrations: statistics.reduce((sum, { rehydrations }) => sum + rehydrations, 0),
      seconds: (performance.now() - startMs) / 1_000,
      missed,
    };
  }
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
