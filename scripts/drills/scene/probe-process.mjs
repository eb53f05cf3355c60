// The probe of a drill, in a process of its own: what a drill is busy with must not look like an outage.
import { startProbe } from '@unite/ops/drill';

process.once('disconnect', () => process.exit(1));
// Ctrl-C reaches the whole group; the parent decides when this ends.
process.on('SIGINT', () => {});

process.once('message', (/** @type {any} */ options) => {
  const probe = startProbe(options);
  process.once('message', async () => {
    const report = await probe.stop();
    process.send?.({ report }, () => process.disconnect());
  });
});
