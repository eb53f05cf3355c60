// The load of a drill, in a process of its own: told what to do by its parent, whom it tells how it stands each second,
// and at the end what it came to.
import { runLoad } from '@unite/ops/load';

const ending = new AbortController();
process.once('disconnect', () => process.exit(1));
// Ctrl-C reaches the whole group; the parent decides when this ends.
process.on('SIGINT', () => {});

process.on('message', async (/** @type {any} */ message) => {
  if (message === 'end') return ending.abort();
  const report = await runLoad({
    ...message,
    signal: ending.signal,
    onProgress: (progress) => process.send?.({ progress }),
  });
  process.send?.({ report }, () => process.disconnect());
});
