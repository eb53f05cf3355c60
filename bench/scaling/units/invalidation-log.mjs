import { redisLayer } from '../../../packages/cache/dist/redis.js';
import { processUs } from './process-processor.mjs';
import { startRedisWithClients } from './redis-clients.mjs';
import { figure, inTurns, unitCost } from './unit-cost.mjs';

const hourMs = 3_600_000;
/** A changed row, its list, and its tenant's. */
const namesOf = (write) => [`kcontacts:${write}`, `tcontacts:${write}`, `tworkspace:${write % 1_000}`];
const layer = { timeoutMs: 60_000, maxLogEntries: 10_000, maxLogNames: 1_000_000 };

/** Redis' processor time for an invalidation and for those who read the log, and what it keeps. */
export async function invalidationLog({ rounds, scale }) {
  const redis = await startRedisWithClients();
  const logs = redis.clients.map((client) => redisLayer(client, layer).open('crm'));
  const us = { unit: 'µs of Redis', rounds };
  const cost = (what, calls, work) =>
    unitCost({ ...us, what, calls: Math.ceil(calls * scale) }, redis.cpuUs, work);
  try {
    let written = 0;
    const append = (calls) =>
      inTurns(logs, calls, (log) => log.append({ names: namesOf(written++), retainMs: hourMs }));
    await append(12_000);
    const logAppendUs = await cost('an invalidation with three names, appended', 20_000, append);

    const { mark } = await logs[0].sync({ names: [] });
    const idle = { since: mark, names: [] };
    const logPollUs = await cost('a poll of the log that finds nothing new', 20_000, (calls) =>
      inTurns(logs, calls, (log) => log.sync(idle)),
    );
    const asked = { since: mark, names: [...namesOf(1), 'dcontacts', '*'] };
    const logCheckUs = await cost(
      'a poll that asks for five names as well, with a read from Redis',
      20_000,
      (calls) => inTurns(logs, calls, (log) => log.sync(asked)),
    );

    const behind = { since: await markBack(redis, 500), names: [] };
    const read = (calls) => inTurns(logs, calls / 500, (log) => log.sync(behind));
    const polled = await cost('an entry of the log, handed to one reader', 100_000, read);
    const sent = await unitCost(
      { what: 'an entry of the log, on its way to one reader', unit: 'bytes', rounds: 3, calls: 20_000 },
      async () => bytesSent(await redis.command('INFO', 'stats')),
      read,
    );
    const heard = await unitCost(
      {
        what: 'an entry of the log, read by one process',
        unit: 'µs of a process',
        rounds,
        calls: 100_000 * scale,
      },
      processUs,
      read,
    );
    const entries = Number(await redis.command('XLEN', '{crm}:log'));
    const names = Number(await redis.command('ZCARD', '{crm}:log:last'));
    const memory = async (key) => Number(await redis.command('MEMORY', 'USAGE', key, 'SAMPLES', 0));
    return {
      logAppendUs,
      logPollUs,
      logCheckUs,
      logEntryUs: polled,
      logEntrySentBytes: sent,
      logEntryHeardUs: heard,
      logEntryBytes: figure({ what: 'an entry of the log, kept', unit: 'bytes' }, [
        (await memory('{crm}:log')) / entries,
      ]),
      logNameBytes: figure({ what: 'the last invalidation of a name, kept', unit: 'bytes' }, [
        (await memory('{crm}:log:last')) / names,
      ]),
      ...(await entriesOf(logs, cost)),
    };
  } finally {
    await redis.close();
  }
}

/** Entries of the cache, of a kilobyte. */
async function entriesOf(logs, cost) {
  const { mark } = await logs[0].sync({ names: [] });
  const bytes = Buffer.alloc(1_024, 'x');
  const keyOf = (call) => `contacts:${call % 2_000}`;
  let asked = 0;
  const cachePutUs = await cost('an entry of 1 KiB, put into the cache', 10_000, (calls) =>
    inTurns(logs, calls, (log, call) => log.put(keyOf(call), { bytes, stamp: mark.position, ttlMs: hourMs })),
  );
  const cacheGetUs = await cost('an entry of 1 KiB, read from the cache', 20_000, (calls) =>
    inTurns(logs, calls, (log, call) => log.read(keyOf(call))),
  );
  const cacheMissUs = await cost('a miss that takes the lease, and gives it back', 10_000, (calls) =>
    inTurns(logs, calls, async (log) => {
      const key = `none:${asked++}`;
      await log.read(key, { id: 'me', ttlMs: 10_000 });
      await log.release(key, 'me');
    }),
  );
  return { cachePutUs, cacheGetUs, cacheMissUs };
}

async function markBack(redis, entries) {
  const found = await redis.command('XREVRANGE', '{crm}:log', '+', '-', 'COUNT', entries + 1);
  const id = found.at(-1)[0];
  return { id, position: Number(id.split('-')[0]) };
}

const bytesSent = (info) => Number(/total_net_output_bytes:(\d+)/.exec(info)[1]);
