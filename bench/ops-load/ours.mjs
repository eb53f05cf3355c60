import { runLoad } from '../../packages/ops/dist/load.js';

const options = JSON.parse(process.argv[2]);
let begun;
const report = await runLoad({
  ...options,
  onProgress: ({ elapsedMs }) => {
    if (elapsedMs > 0) begun ??= { cpu: process.cpuUsage(), atMs: performance.now() };
    process.send({ elapsedMs });
  },
});
const { user, system } = process.cpuUsage(begun?.cpu);
const cpuShare = begun ? (user + system) / 1_000 / (performance.now() - begun.atMs) : Number.NaN;
process.send({ report, rssMb: process.resourceUsage().maxRSS / 1_024, cpuShare }, () => process.disconnect());
