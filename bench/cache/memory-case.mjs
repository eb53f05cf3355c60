/**
 * Fills a cache of 64 MiB with the values of one case, in a process of its own, and says what that took.
 *
 * node --expose-gc memory-case.mjs <Redis URL> <case>
 */
import { setTimeout } from 'node:timers/promises';
import { memoryCases } from './memory-cases.mjs';
import { openUnite } from './nodes.mjs';

const [redisUrl, name] = process.argv.slice(2);
const { many, value, key = (index) => [index], tags } = memoryCases[name];
/** Loads at a time. */
const atATime = 20;

const heldNow = () => {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};
const used = () => process.memoryUsage().heapUsed + process.memoryUsage().external;

const { cache } = await openUnite(redisUrl, {
  namespace: `case-${process.pid}`,
  memory: { maxBytes: 64 * 2 ** 20 },
});
const values = cache.define('values', {
  key,
  tags,
  scope: 'global',
  memoryTtlMs: 3_600_000,
  load: value,
});
// What the first read of all makes is not the values'.
await values.get(many);
await values.delete(many);
const before = heldNow();
let peak = 0;
let next = 0;
await Promise.all(
  Array.from({ length: atATime }, async () => {
    while (next < many) {
      await values.get(next++);
      if (next % 50 === 0) peak = Math.max(peak, used());
    }
  }),
);
// What is still on its way to Redis is not what memory holds.
let held = heldNow() - before;
for (let look = 0; look < 8; look++) {
  await setTimeout(250);
  held = Math.min(held, heldNow() - before);
}
const { entries, bytes, evictions, tooLarge } = cache.stats().memory;
process.send(
  {
    held,
    peak,
    resident: process.resourceUsage().maxRSS * 1_024,
    entries,
    estimated: bytes,
    evictions,
    tooLarge,
  },
  () => process.exit(),
);
