import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { table } from '../lib/table.mjs';
import { startTroubled, troubles } from './receivers.mjs';

const program = fileURLToPath(new URL('./outage-process.mjs', import.meta.url));
const mb = (bytes) => (bytes / 2 ** 20).toFixed(1);
const number = (value) => value.toLocaleString('en-US');

/**
 * A million spans, ratio 1, for each receiver that is in trouble: what becomes of them, of memory, and of the process.
 *
 * @param {{ quick: boolean }} options the short form makes 100,000 spans
 */
export async function outage({ quick }) {
  const spanCount = quick ? 100_000 : 1_000_000;
  const runs = {};
  for (const trouble of troubles) {
    const receiver = await startTroubled(trouble);
    runs[trouble] = await run(receiver.url, spanCount);
    receiver.close();
  }
  const bare = await run('', spanCount);
  printCounts(runs, bare);
  printMemory(runs);
  return Object.entries(runs).flatMap(([trouble, result]) => claimsOf(trouble, result, spanCount));
}

async function run(url, spanCount) {
  const child = fork(program, [url, String(spanCount), '10'], { execArgv: ['--expose-gc'] });
  const exit = once(child, 'exit');
  const [result] = await Promise.race([once(child, 'message'), exit.then(([code]) => failed(code))]);
  await exit;
  return result;
}

function failed(code) {
  throw new Error(`the process that makes spans ended with ${code}`);
}

function claimsOf(trouble, { made, memory, during, after, report, closeMs }, spanCount) {
  const growth = (memory.at(-1).heapUsed - settledHeap(memory, spanCount)) / 2 ** 20;
  return [
    [`${trouble}: every span is exported, failed, dropped or queued`, sumOf(during) === made],
    [
      `${trouble}: after the end none is queued, and none is uncounted`,
      sumOf(after) === made && after.queued === 0,
    ],
    [
      `${trouble}: the heap grows by less than 20 MB once the queue is full (${growth.toFixed(1)})`,
      growth < 20,
    ],
    [`${trouble}: the end takes no longer than it may, 1 s`, closeMs < 1_250, true],
    [`${trouble}: what was lost at the end is told`, report.lost === after.failed - during.failed],
  ];
}

/** At 200,000 spans; in the short form at half of them. */
function settledHeap(memory, spanCount) {
  return memory.find(({ spans }) => spans >= Math.min(200_000, spanCount / 2)).heapUsed;
}

function sumOf({ exported, failed, dropped, queued }) {
  return exported + failed + dropped + queued;
}

function printCounts(runs, bare) {
  const rows = Object.entries(runs).map(([trouble, { made, during, after, cpuUs, closeMs }]) => [
    trouble,
    ...[made, during.exported, during.failed, during.dropped, during.queued].map(number),
    (cpuUs / made).toFixed(2),
    closeMs.toFixed(0),
    after.lastError ?? '',
  ]);
  rows.push([
    '(no exporter)',
    number(bare.made),
    '',
    '',
    '',
    '',
    (bare.cpuUs / bare.made).toFixed(2),
    '',
    '',
  ]);
  const head = [
    'the receiver',
    'spans',
    'exported',
    'failed',
    'dropped',
    'queued',
    'CPU µs/span',
    'end, ms',
    'last error',
  ];
  console.log(`${table(head, rows)}\n`);
}

function printMemory(runs) {
  const [first] = Object.values(runs);
  const head = [
    'heap after gc (RSS), MB, at',
    ...first.memory.map(({ spans }) => `${Math.round(spans / 1_000)}k`),
  ];
  const rows = Object.entries(runs).map(([trouble, { memory }]) => [
    trouble,
    ...memory.map(({ heapUsed, rss }) => `${mb(heapUsed)} (${mb(rss)})`),
  ]);
  console.log(`${table(head, rows)}\n`);
}
