/**
 * What the small parts of tracing cost that run for each attribute and each line of a log: the redactor and the fields
 * of a log. The least of many short rounds, since what else the machine does only adds.
 *
 * node tracing-parts.mjs [--quick]   (build the packages first)
 */
import { traceFields } from '../packages/tracing/dist/logs.js';
import { createTestTracing } from '../packages/tracing/dist/testing.js';
import { exactly } from './lib/exactly.mjs';
import { importBundled } from './lib/import-bundled.mjs';
import { Report } from './lib/report.mjs';

const report = new Report({
  title: 'The small parts of tracing',
  subject: 'tracing',
  about:
    'What runs for each attribute and each line of a log: the redactor and the fields of a log. The least of many short rounds, since what else the machine does only adds.',
});
const { quick } = report;
const rounds = quick ? 200 : 2_000;
const perRound = 1_000;

const source = 'packages/shared/src/redaction/index.ts';
const { createRedactor } = await importBundled(source, 'packages/tracing');
const redact = createRedactor('UNITE_TRACING_REDACT_FAILED');
const clean = {
  statement:
    'SELECT id, name, email FROM contacts WHERE tenant_id IN ($1) ORDER BY created_at DESC LIMIT 50 OFFSET 10',
  address:
    'https://api.example.com/v1/contacts/550e8400/notes/and/so/on/and/so/forth/until/we/reach/a/hundred/ch',
  words:
    'The quick brown fox jumps over the lazy dog and then goes home to sleep because it was a long day out',
};
const hostile = [
  ...[
    'password',
    'password=',
    'password   ',
    'token:',
    'Bearer ',
    'cookie=a\n',
    '"password":"a",',
    'api_key',
  ],
  ...['://', '://a:', '://@', '&a=', '&token=', 'a=b&', '?a', ':', '@', '=', ' ', 'x', '1', '4-', '4 1'],
  ...['eyJ', 'eyJaaaaaaaaaaaaaa.', '-sk-', 'AKIA', '-----BEGIN PRIVATE KEY-----', '4111111111111111 '],
];

const costs = Object.fromEntries(
  Object.entries(clean).map(([name, text]) => [
    name,
    leastNs(() => redact('text', text.slice(0, 100)).length),
  ]),
);
const slowest = hostile
  .map((piece) => {
    const text = piece.repeat(1_000_000 / piece.length);
    const times = Array.from({ length: quick ? 3 : 7 }, () => timeMs(() => redact('text', text)));
    return [JSON.stringify(piece), Math.min(...times)];
  })
  .toSorted(([, one], [, other]) => other - one);

const tracing = createTestTracing();
const fieldsNs = tracing.tracer.startActiveSpan('work', () => leastNs(() => traceFields().trace_id.length));
tracing.close();

report.bars({
  title: 'The redactor over 100 characters without a secret',
  unit: 'ns',
  bars: Object.entries(costs).map(([name, ns]) => exactly(name, 'ours', ns)),
});
report.table(
  'The redactor over 1 MB of a hostile text',
  ['1 MB of', 'ms'],
  slowest.slice(0, 5).map(([piece, ms]) => [piece, ms.toFixed(1)]),
);
const clearNs = Math.max(...Object.values(costs));
const of = (figure) => ({ figure, isOfMachine: true });
report.claim(
  '100 characters without a secret cost less than 400 ns',
  clearNs < 400,
  of(`${clearNs.toFixed(0)} ns`),
);
report.claim(
  '1 MB of a hostile text takes less than 100 ms',
  slowest[0][1] < 100,
  of(`${slowest[0][1].toFixed(1)} ms`),
);
report.claim(
  'the fields of a log line cost less than 200 ns',
  fieldsNs < 200,
  of(`${fieldsNs.toFixed(0)} ns`),
);
report.end();

function leastNs(work) {
  let sink = 0;
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < perRound; i++) sink += work();
    least = Math.min(least, Number(process.hrtime.bigint() - start) / perRound);
  }
  if (sink < 0) throw new Error('unreachable, so that the work is not optimised away');
  return least;
}

/** Of the processor. */
function timeMs(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
