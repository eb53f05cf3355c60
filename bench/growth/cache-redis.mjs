import { setTimeout } from 'node:timers/promises';
import { createContext, runWithContext } from '../../packages/core/dist/context.js';
import { openUnite } from '../cache/nodes.mjs';
import { openClient } from '../quota/clients.mjs';
import { copied, numbered } from './copied.mjs';
import { defineRows } from './define-rows.mjs';
import { atATime } from './loops.mjs';

/** Memory has room for one entry, and each read is of another. */
const memory = { maxEntries: 1 };

/** The cache on Redis, whose time of the processor is counted with this process's. */
export async function cacheRedis(axes, { redis }) {
  const server = await redis();
  await tenantsInRedis(axes, server);
  await bytesInRedis(axes, server);
  await tagsInRedis(axes, server);
  await tagsInvalidated(axes, server);
  await nodesThatRead(axes, server);
}

async function tenantsInRedis(axes, server) {
  const node = await openUnite(server.url, { namespace: 'tenants', memory, timeoutMs: 5_000 });
  const { send, close } = await openClient('redis', server.url);
  const points = [];
  for (const x of [100, 1_000, 10_000, 100_000]) {
    const rows = defineRows(node.cache, `rows-${x}`, { scope: 'tenant' });
    const tenant = (at) => createContext({ tenantId: `of-${x}-${numbered(at)}` });
    await runWithContext(tenant(0), () => rows.set(1, { index: 1 }));
    await setTimeout(50);
    await copied(send, { name: `of-${x}-`, count: x });
    const contexts = Array.from({ length: Math.min(x, 5_000) }, (_, at) => tenant((at * 7_919) % x));
    points.push({
      x,
      run: atATime((turn) => runWithContext(contexts[turn % contexts.length], () => rows.get(1))),
    });
  }
  await axes.measure({
    name: 'cache: tenants in Redis',
    operation: 'a hit in Redis',
    x: 'population',
    points,
    servers: [server],
    roundMs: 20,
  });
  const { loads, remoteHits } = node.cache.stats();
  axes.report.claim('cache: tenants in Redis: what was read were hits', loads < remoteHits / 100, {
    figure: `${loads} loads, ${remoteHits} hits`,
    isOfMachine: true,
  });
  close();
  await node.close();
  await server.flushAll();
}

async function bytesInRedis(axes, server) {
  const node = await openUnite(server.url, { namespace: 'bytes', memory, timeoutMs: 5_000 });
  const { send, close } = await openClient('redis', server.url);
  const rows = defineRows(node.cache, 'rows');
  const bare = await openClient('redis', server.url);
  const sizes = [100, 1_000, 10_000, 100_000, 1_000_000];
  for (const x of sizes) {
    const text = 'a text '.repeat(x / 7 + 1).slice(0, x);
    for (const copy of ['a', 'b']) await rows.set(`${x}${copy}`, { text });
    await send('SET', `bare-${x}`, text);
  }
  await setTimeout(50);
  await axes.measure({
    name: 'cache: bytes of a value in Redis',
    operation: 'a hit in Redis',
    x: 'size',
    points: sizes.map((x) => ({ x, run: atATime((turn) => rows.get(`${x}${turn % 2 ? 'a' : 'b'}`), 1) })),
    limit: {
      name: 'bare GET',
      points: sizes.map((x) => ({ x, run: atATime(() => bare.send('GET', `bare-${x}`), 1) })),
    },
    servers: [server],
    roundMs: 20,
  });
  for (const client of [bare, { close }]) client.close();
  await node.close();
  await server.flushAll();
}

async function tagsInRedis(axes, server) {
  const node = await openUnite(server.url, { namespace: 'tags', memory, timeoutMs: 5_000 });
  const points = [];
  for (const x of [1, 3, 10, 30, 100]) {
    const tags = Array.from({ length: x }, (_, at) => `tag:${at}`);
    const rows = defineRows(node.cache, `tags-${x}`, { tags: () => tags });
    for (let index = 0; index < 100; index++) await rows.set(index, { index });
    points.push({ x, run: atATime((turn) => rows.get(turn % 100)) });
  }
  await axes.measure({
    name: 'cache: tags of an entry in Redis',
    operation: 'a hit in Redis',
    x: 'size',
    points,
    servers: [server],
    roundMs: 20,
  });
  await node.close();
  await server.flushAll();
}

async function tagsInvalidated(axes, server) {
  const node = await openUnite(server.url, { namespace: 'invalidated', timeoutMs: 5_000 });
  await axes.measure({
    name: 'cache: tags invalidated at once, on Redis',
    operation: 'an invalidation',
    x: 'size',
    points: [1, 3, 10, 30, 100].map((x) => {
      const tags = Array.from({ length: x }, (_, at) => `tag:${at}`);
      return { x, run: atATime(() => node.cache.invalidateTags(tags), 1) };
    }),
    servers: [server],
    roundMs: 20,
  });
  await node.close();
  await server.flushAll();
}

/** Memory is trusted for 200 ms: whoever reads after that reads the log first, where ten invalidations are new. */
async function nodesThatRead(axes, server) {
  const options = { maxStalenessMs: 500, pollEveryMs: 600_000, timeoutMs: 5_000 };
  const points = [];
  const fleets = [];
  for (const x of [1, 3, 10, 30]) {
    const nodes = await Promise.all(
      Array.from({ length: x }, () => openUnite(server.url, { namespace: `fleet-${x}`, ...options })),
    );
    fleets.push(nodes);
    const rows = nodes.map(({ cache }) => defineRows(cache, 'rows'));
    points.push({
      x,
      run: async () => {
        for (let tag = 0; tag < 10; tag++) await nodes[0].cache.invalidateTags([`tag:${tag}`]);
        await setTimeout(210);
        for (const each of rows) await each.get(1);
      },
    });
  }
  await axes.measure({
    name: 'cache: processes that follow the log',
    operation: 'all of them reading ten invalidations',
    x: 'size',
    points,
    servers: [server],
    calls: 1,
  });
  for (const nodes of fleets) await Promise.all(nodes.map((node) => node.close()));
  await server.flushAll();
}
