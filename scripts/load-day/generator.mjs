// `runLoad` in a process of its own, so that what it takes is not taken from whoever breaks things: one line of JSON for
// each second, and one for the report.
import { importLoad } from './import-load.mjs';

const tell = (/** @type {object} */ message) => void process.stdout.write(`${JSON.stringify(message)}\n`);

const { runLoad } = await importLoad();
const report = await runLoad({
  ...JSON.parse(process.argv[2] ?? ''),
  onProgress: (progress) => tell({ progress }),
});
tell({ report });
