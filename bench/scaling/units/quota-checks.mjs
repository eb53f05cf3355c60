import { createQuota, definePlans } from '../../../packages/quota/dist/index.js';
import { redisStore } from '../../../packages/quota/dist/redis.js';
import { startRedisWithClients } from './redis-clients.mjs';
import { figure, inTurns, unitCost } from './unit-cost.mjs';

const plenty = 1_000_000_000;
const names = ['Day', 'Hour', 'Minute', 'Month', 'Week', 'Second', 'BillingPeriod'].map(
  (period) => `apiCallsPer${period}`,
);
const tenants = 1_000;

/** Redis' processor time for a decision, by how many limits it has, and by whether the counts are a ledger's. */
export async function quotaChecks({ rounds, scale }) {
  const redis = await startRedisWithClients();
  const calls = Math.ceil(20_000 * scale);
  const check = async (what, limits, ledger) => {
    const namespace = what.replaceAll(/\W/g, '-');
    const quotas = redis.clients.map((client) => quotaOn(client, { namespace, limits, ledger }));
    const cost = await unitCost({ what, unit: 'µs of Redis', rounds, calls }, redis.cpuUs, (times) =>
      inTurns(quotas, times, async (quota, call) => {
        const tenantId = `tenant-${(call * 7) % tenants}`;
        const { allowed } = await quota.check({ tenantId, plan: 'usual', use: { apiCalls: 1 } });
        if (!allowed) throw new Error(`refused: ${what}`);
      }),
    );
    return { cost, bytes: await bytesOf(redis, `${namespace}:*:s`) };
  };
  try {
    const one = await check('a check of one limit', 1);
    const four = await check('a check of four limits', 4);
    const eight = await check('a check of eight limits', 8);
    const ledgered = await check('a check of four limits whose counts are a ledger’s', 4, ledger);
    return {
      quotaCheck1Us: one.cost,
      quotaCheck4Us: four.cost,
      quotaCheck8Us: eight.cost,
      quotaCheckLedger4Us: ledgered.cost,
      quotaTenant4Bytes: figure({ what: 'the counters of a tenant with four limits', unit: 'bytes' }, [
        four.bytes,
      ]),
    };
  } finally {
    await redis.close();
  }
}

function quotaOn(client, { namespace, limits, ledger }) {
  const usual = Object.fromEntries(names.slice(0, limits).map((name) => [name, plenty]));
  if (limits > names.length) usual.burst = { kind: 'rate', of: 'apiCalls', limit: plenty, windowMs: 60_000 };
  return createQuota({
    plans: definePlans({ usual }),
    store: redisStore(client, { namespace, timeoutMs: 60_000 }),
    ...(ledger && { ledger }),
  });
}

/** Takes everything at once, so that what is measured is the store. */
const ledger = {
  append: async () => 'stored',
  rehydrate: async (_, spans, install) =>
    install(
      1,
      spans.map(() => 0),
    ),
  totals: async () => [],
  async *events() {},
};

async function bytesOf(redis, pattern) {
  const [key] = await redis.command('KEYS', pattern);
  return Number(await redis.command('MEMORY', 'USAGE', key));
}
