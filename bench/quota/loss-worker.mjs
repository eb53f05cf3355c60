/**
 * Makes admissions with the default durability, and notes each that was acknowledged before anything else happens: what
 * is written to a file by then outlives this process.
 *
 * node loss-worker.mjs <options as JSON>
 */
import { randomUUID } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import { postgresLedger } from '../../packages/quota/dist/postgres.js';
import { openClient } from './clients.mjs';
import { openUnite } from './contestants.mjs';
import { plenty } from './limits.mjs';

const { redisUrl, databaseUrl, namespace, tenantId, file, perSecond, inFlight } = JSON.parse(process.argv[2]);
const require = createRequire(new URL('../../packages/quota/package.json', import.meta.url));
const { Pool } = require('pg');
const pool = new Pool({ connectionString: databaseUrl, max: 4 });
pool.on('error', () => {});
const acknowledged = openSync(file, 'a');
const connection = await openClient('redis', redisUrl);
const ledger = postgresLedger(pool, { namespace });
const quota = openUnite(connection, { namespace, ledger });

let admitted = 0;
let isEnding = false;
/** Admitted until Redis went away, and the least that it had counted when it was back. */
let outage;
connection.client.on('reconnecting', () => {
  outage ??= { admitted };
});

process.on('message', async () => {
  isEnding = true;
  while (quota.statistics().waiting > 0) await setTimeout(20);
  const { limits } = await quota.usage(tenantId, { plan: 'usual' });
  process.send({ admitted, outage, used: limits[0].used, lost: quota.statistics().lost }, () =>
    process.exit(),
  );
});
process.on('disconnect', () => process.exit());

if (perSecond) await steadily();
else await Promise.all(Array.from({ length: inFlight }, again));

async function again() {
  while (!isEnding) await admit();
}

async function steadily() {
  let dueAtMs = performance.now();
  while (!isEnding) {
    dueAtMs += 1_000 / perSecond;
    const waitMs = dueAtMs - performance.now();
    if (waitMs > 0) await setTimeout(waitMs);
    void admit();
  }
}

async function admit() {
  const idempotencyKey = randomUUID();
  try {
    const { limits } = await quota.check({ tenantId, plan: 'usual', use: { apiCalls: 1 }, idempotencyKey });
    if (outage) outage.used = Math.min(outage.used ?? plenty, plenty - limits[0].remaining - 1);
    writeSync(acknowledged, `key:${idempotencyKey}\n`);
    admitted += 1;
  } catch (error) {
    if (error?.code !== 'UNITE_QUOTA_UNAVAILABLE') throw error;
    await setTimeout(20);
  }
}
