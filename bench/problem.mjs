/**
 * Rendering a problem: this package against http-problem-details, with JSON.stringify of the same finished object
 * as the floor. Interleaved (A B C A B C …), medians and the spread of the rounds.
 *
 * node problem.mjs [--quick]   (build the packages first)
 */
import { ProblemDocument, ProblemDocumentExtension } from 'http-problem-details';
import { defineProblems } from '../packages/problem/dist/index.js';

const quick = process.argv.includes('--quick');
const rounds = quick ? 11 : 41;
const perRound = quick ? 5_000 : 100_000;

const context = {
  requestId: '7f3a0c52-8e1b-4c55-9d0e-3a1b2c4d5e6f',
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  state: new Map(),
};
const problems = defineProblems({
  baseUrl: 'https://api.example.com/errors/',
  types: { validation: { status: 400, title: 'Validation Error' } },
  context: () => context,
});
const request = {
  url: 'https://api.example.com/api/contacts?page=1',
  method: 'POST',
  headers: new Headers(),
};
const detail = 'Email field is required';
const errors = [{ field: 'email', message: 'Required' }];
const error = problems.error('validation', { detail, errors });
const finished = problems.toJSON(error, request);

const contestants = {
  'new Error: what the stack costs': () => new Error(detail).message,
  'problem: error alone': () => problems.error('validation', { detail, errors }).message,
  'JSON.stringify of the finished object': () => JSON.stringify(finished),
  'problem: document and text': () => JSON.stringify(problems.toJSON(error, request)),
  'problem: status, headers and body': () => problems.render(error, request).body,
  'problem: error, status, headers and body': () =>
    problems.render(problems.error('validation', { detail, errors }), request).body,
  'http-problem-details: document and text': () =>
    JSON.stringify(
      new ProblemDocument(
        { type: finished.type, title: finished.title, status: 400, detail, instance: '/api/contacts' },
        new ProblemDocumentExtension({
          errors: finished.errors,
          requestId: context.requestId,
          traceId: context.traceId,
        }),
      ),
    ),
};

const samples = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
let sink = 0;
for (let round = -3; round < rounds; round++) {
  for (const [name, run] of Object.entries(contestants)) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < perRound; i++) sink += run().length;
    const nanoseconds = Number(process.hrtime.bigint() - start) / perRound;
    if (round >= 0) samples[name].push(nanoseconds);
  }
}

const medianOf = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
/** Of the ratios within each round: what slows a whole round down cancels out. */
const ratioOf = (name, base) => medianOf(samples[name].map((value, round) => value / samples[base][round]));

const floor = 'JSON.stringify of the finished object';
const peer = 'http-problem-details: document and text';
console.log(`Node ${process.version}, ${rounds} rounds of ${perRound}; ${sink} characters\n`);
console.log('| | ns, median | spread (p10–p90) | ratio to JSON.stringify |\n|---|---:|---:|---:|');
for (const [name, values] of Object.entries(samples)) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.floor(share * (sorted.length - 1))].toFixed(0);
  const ratio = ratioOf(name, floor).toFixed(2);
  console.log(`| ${name} | ${medianOf(values).toFixed(0)} | ${at(0.1)}–${at(0.9)} | ${ratio} |`);
}

// What the readme claims.
const claims = [
  ['rendering costs at most twice JSON.stringify', ratioOf('problem: document and text', floor) <= 2],
  ['rendering is faster than http-problem-details', ratioOf('problem: document and text', peer) < 1],
];
for (const [claim, holds] of claims) console.log(`\n${holds ? 'holds' : 'DOES NOT HOLD'}: ${claim}`);
process.exitCode = claims.every(([, holds]) => holds) ? 0 : 1;
