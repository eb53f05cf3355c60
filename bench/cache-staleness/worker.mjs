/**
 * One process of the ledger: a cache through its own connection, readers that read at random all the time, and a
 * writer that writes at random and then tells the cache in one of the ways there are. The database is the parent.
 */
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from './monotonic-ms.mjs';

const require = createRequire(new URL('../../packages/cache/package.json', import.meta.url));
const { createCache } = await import('../../packages/cache/dist/index.js');
const { redisLayer } = await import('../../packages/cache/dist/redis.js');

const readers = 8;
const { namespace, url, sentinel, keys, cacheOptions } = JSON.parse(process.argv[2]);

const cache = createCache({ namespace, remote: redisLayer(client()), ...cacheOptions });
const items = cache.define('items', {
  key: ({ key }) => [key],
  scope: 'global',
  tags: ({ key }) => [`item:${key}`, `group:${key % 10}`],
  // Long enough that nothing is repaired by them.
  memoryTtlMs: 300_000,
  remoteTtlMs: 900_000,
  load: async ({ key }) => {
    await sleep(4 * Math.random());
    const version = await ask('read', key);
    // What others write now, this load does not know.
    await sleep(12 * Math.random());
    return { key, version };
  },
});

/** Reads and settled writes that the parent has not been told of. */
let reads = [];
let settled = [];
let underWay = 0;
let writesPerSecond = 0;
let isEnding = false;
const waiting = new Map();
let questions = 0;

process.on('message', async (message) => {
  if ('answer' in message) {
    waiting.get(message.id)?.(message.answer);
    waiting.delete(message.id);
  } else if (message.tell === 'write') writesPerSecond = message.perSecond;
  else if (message.tell === 'report') report(message.id);
  else if (message.tell === 'end') {
    isEnding = true;
    await cache.close();
    process.exit(0);
  }
});
process.on('disconnect', () => process.exit(1));

for (let reader = 0; reader < readers; reader += 1) void readOn();
void writeOn();
process.send({ ready: true });

async function readOn() {
  while (!isEnding) {
    const key = Math.floor(keys * Math.random());
    const beganAt = monotonicMs();
    let layer;
    let value;
    underWay += 1;
    try {
      // Half of them on the hot path, which does not say where a value comes from.
      if (Math.random() < 0.5) value = items.peek({ key }) ?? (await items.get({ key }));
      else ({ layer, value } = await items.getWithReceipt({ key }));
      if (value.key !== key) throw new Error(`asked for ${key}, got ${value.key}`);
    } catch (error) {
      process.send({ failure: String(error) });
    }
    underWay -= 1;
    reads.push({ key, version: value?.version ?? -1, beganAt, endedAt: monotonicMs(), layer });
    if (reads.length >= 1_000) report();
    await sleep(2 + 8 * Math.random());
  }
}

async function writeOn() {
  while (!isEnding) {
    await sleep(writesPerSecond > 0 ? (2_000 * Math.random()) / writesPerSecond : 20);
    if (writesPerSecond > 0) void write();
  }
}

/** Some keys are written all the time, others seldom: those show an invalidation that was lost. */
async function write() {
  const key = Math.floor(keys * Math.random() ** 3);
  const ways = key % 6 === 0 ? [bySet] : [byWrite, byGroup, byDelete, byWriteThrough, byRefresh];
  underWay += 1;
  try {
    const version = await ways[Math.floor(ways.length * Math.random())](key);
    if (version === undefined) return;
    const acknowledged = cache.stats().remote.pendingInvalidations === 0;
    settled.push({ key, version, resolvedAt: monotonicMs(), acknowledged });
  } catch (error) {
    process.send({ failure: `write: ${error}` });
  } finally {
    underWay -= 1;
  }
}

function byWrite(key) {
  return cache.write(() => ask('write', key), { invalidates: [`item:${key}`] });
}

async function byGroup(key) {
  const version = await ask('write', key);
  await cache.invalidateTags([`group:${key % 10}`]);
  return version;
}

async function byDelete(key) {
  const version = await ask('write', key);
  await items.delete({ key });
  return version;
}

async function byWriteThrough(key) {
  const { version } = await items.writeThrough({ key }, async () => ({
    key,
    version: await ask('write', key),
  }));
  return version;
}

async function byRefresh(key) {
  const version = await ask('write', key);
  await items.refresh({ key });
  return version;
}

async function bySet(key) {
  if (!(await ask('lock', key))) return undefined;
  try {
    const version = await ask('write', key);
    await items.set({ key }, { key, version });
    return version;
  } finally {
    await ask('unlock', key);
  }
}

function ask(question, key) {
  questions += 1;
  const id = questions;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    process.send({ question, key, id });
  });
}

function report(id) {
  process.send({ report: id, reads, settled, underWay, stats: cache.stats() });
  reads = [];
  settled = [];
}

function client() {
  if (sentinel) {
    const { Redis } = require('ioredis');
    return new Redis({ ...sentinel, lazyConnect: true });
  }
  return require('redis').createClient({ url });
}
