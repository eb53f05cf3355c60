/**
 * One process of the stampede: told to, it reads one key many times at once, and says what it got.
 *
 * node stampede-node.mjs <Redis URL> <namespace> <reads>
 */
import { setTimeout } from 'node:timers/promises';
import { createClient } from 'redis';
import { openUnite } from './nodes.mjs';

const [redisUrl, namespace, reads] = process.argv.slice(2);
const counter = createClient({ url: redisUrl });
await counter.connect();
const { cache, close } = await openUnite(redisUrl, { namespace });
const reports = cache.define('report', {
  key: ({ id }) => [id],
  scope: 'global',
  memoryTtlMs: 60_000,
  async load({ id, loadMs }) {
    const run = await counter.incr(`runs:${id}`);
    await setTimeout(loadMs);
    return `${id}, by run ${run}`;
  },
});
process.on('message', async ({ id, loadMs, startAtMs }) => {
  await setTimeout(startAtMs - Date.now());
  const started = performance.now();
  const values = await Promise.all(
    Array.from({ length: Number(reads) }, () => reports.get({ id, loadMs }).catch(String)),
  );
  process.send({ values: [...new Set(values)], ms: performance.now() - started });
});
process.once('disconnect', async () => {
  await close();
  counter.destroy();
});
process.send('ready');
