/**
 * Invalidates 1,000 tags a second, one by one, of the kind that it was told last: `unknown`, `held` or `none`.
 *
 * node invalidator.mjs <Redis URL> <namespace>
 */
import { setTimeout } from 'node:timers/promises';
import { openUnite } from './nodes.mjs';

const [redisUrl, namespace] = process.argv.slice(2);
const { cache, close } = await openUnite(redisUrl, { namespace });
let kind = 'none';
let count = 0;
process.on('message', (message) => {
  kind = message;
});
process.send(count);
let dueAtMs = performance.now();
while (process.connected) {
  // After a pause of the machine it does not make up for what it could not do.
  dueAtMs = Math.max(dueAtMs + 10, performance.now() - 50);
  if (kind !== 'none') {
    for (let index = 0; index < 10; index++) {
      const tag = kind === 'held' ? `other:${count % 1_000}` : `elsewhere:${count % 5_000}`;
      void cache.invalidateTags([tag]);
      count += 1;
    }
    process.send(count, () => {});
  }
  await setTimeout(Math.max(1, dueAtMs - performance.now()));
}
await close();
