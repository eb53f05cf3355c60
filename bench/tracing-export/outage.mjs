import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { exactly } from '../lib/exactly.mjs';
import { startTroubled, troubles } from './receivers.mjs';

const program = fileURLToPath(new URL('./outage-process.mjs', import.meta.url));
const mb = (bytes) => (bytes / 2 ** 20).toFixed(1);
const number = (value) => value.toLocaleString('en-US');

/**
 * A million spans, ratio 1, for each receiver that is in trouble: what becomes of them, of memory, and of the process.
 *
 * @param {import('../lib/report.mjs').Report} report the short form makes 100,000 spans
 */
export async function outage(report) {
  const spanCount = report.quick ? 100_000 : 1_000_000;
  const runs = {};
  for (const trouble of troubles) {
    const receiver = await startTroubled(trouble);
    runs[trouble] = await run(receiver.url, spanCount);
    receiver.close();
  }
  const bare = await run('', spanCount);
  showCounts(report, runs, bare);
  showMemory(report, runs);
  for (const [trouble, result] of Object.entries(runs)) claimsOf(report, trouble, result, spanCount);
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

function claimsOf(report, trouble, { made, memory, during, after, report: closed, closeMs }, spanCount) {
  const growth = (memory.at(-1).heapUsed - settledHeap(memory, spanCount)) / 2 ** 20;
  report.claim(`${trouble}: every span is exported, failed, dropped or queued`, sumOf(during) === made);
  report.claim(
    `${trouble}: after the end none is queued, and none is uncounted`,
    sumOf(after) === made && after.queued === 0,
  );
  report.claim(`${trouble}: the heap grows by less than 20 MB once the queue is full`, growth < 20, {
    figure: `${growth.toFixed(1)} MB`,
  });
  report.claim(`${trouble}: the end takes no longer than it may, 1 s`, closeMs < 1_250, {
    figure: `${closeMs.toFixed(0)} ms`,
    isOfMachine: true,
  });
  report.claim(`${trouble}: what was lost at the end is told`, closed.lost === after.failed - during.failed);
}

/** At 200,000 spans; in the short form at half of them. */
function settledHeap(memory, spanCount) {
  return memory.find(({ spans }) => spans >= Math.min(200_000, spanCount / 2)).heapUsed;
}

function sumOf({ exported, failed, dropped, queued }) {
  return exported + failed + dropped + queued;
}

function showCounts(report, runs, bare) {
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
  report.table('What becomes of the spans', head, rows);
  report.bars({
    title: 'Making and queueing a span while the receiver is in trouble',
    unit: 'µs of processor',
    bars: [
      exactly('no exporter', 'limit', bare.cpuUs / bare.made),
      ...Object.entries(runs).map(([trouble, { cpuUs, made }]) =>
        exactly(`a receiver that is ${trouble}`, 'ours', cpuUs / made),
      ),
    ],
  });
}

function showMemory(report, runs) {
  const [first] = Object.values(runs);
  const head = [
    'heap after gc (RSS), MB',
    ...first.memory.map(({ spans }) => `${Math.round(spans / 1_000)}k`),
  ];
  const rows = Object.entries(runs).map(([trouble, { memory }]) => [
    trouble,
    ...memory.map(({ heapUsed, rss }) => `${mb(heapUsed)} (${mb(rss)})`),
  ]);
  report.table('Memory, after so many thousand spans', head, rows);
}
