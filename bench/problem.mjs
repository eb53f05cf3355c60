/**
 * Rendering a problem: this package against http-problem-details, with JSON.stringify of the same finished object
 * as the floor. Interleaved (A B C A B C …), medians and the spread of the rounds.
 *
 * node problem.mjs [--quick]   (build the packages first)
 */
import { ProblemDocument, ProblemDocumentExtension } from 'http-problem-details';
import { defineProblems } from '../packages/problem/dist/index.js';
import { Report } from './lib/report.mjs';
import { interleaved, ratioOf } from './lib/rounds.mjs';
import { showSamples } from './lib/show-samples.mjs';
import { sumLoopOf } from './lib/sum-loop-of.mjs';
import { short } from './lib/table.mjs';

const report = new Report({
  title: 'Rendering a problem',
  subject: 'problem',
  about:
    'An RFC 9457 document with two extension members and the request’s ids: this package, http-problem-details, and JSON.stringify of the same finished object as the limit.',
});
const settings = report.quick ? { rounds: 11, roundMs: 10 } : { rounds: 41, roundMs: 50 };

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

const floor = 'JSON.stringify of the finished object';
const peer = 'http-problem-details: document and text';
const documents = {
  [floor]: () => JSON.stringify(finished).length,
  'problem: document and text': () => JSON.stringify(problems.toJSON(error, request)).length,
  'problem: status, headers and body': () => problems.render(error, request).body.length,
  [peer]: () =>
    JSON.stringify(
      new ProblemDocument(
        { type: finished.type, title: finished.title, status: 400, detail, instance: '/api/contacts' },
        new ProblemDocumentExtension({
          errors: finished.errors,
          requestId: context.requestId,
          traceId: context.traceId,
        }),
      ),
    ).length,
};
const [bare, alone] = ['new Error: what the stack costs', 'problem: error alone'];
const errorsMade = {
  [bare]: () => new Error(detail).message.length,
  [alone]: () => problems.error('validation', { detail, errors }).message.length,
  'problem: error, status, headers and body': () =>
    problems.render(problems.error('validation', { detail, errors }), request).body.length,
};

const loops = Object.entries({ ...documents, ...errorsMade }).map(([name, run]) => [name, sumLoopOf(run)]);
const samples = await interleaved(Object.fromEntries(loops), { ...settings, clock: 'cpu' });
const samplesOf = (contestants) =>
  Object.fromEntries(Object.keys(contestants).map((name) => [name, samples[name]]));
const isOurs = (name) => name.startsWith('problem:');
showSamples(report, 'A document from an error, processor time', samplesOf(documents), {
  base: floor,
  ours: Object.keys(documents).filter(isOurs),
  limit: [floor],
});
showSamples(report, 'Making the error, too, processor time', samplesOf(errorsMade), {
  base: bare,
  ours: Object.keys(errorsMade).filter(isOurs),
  limit: [bare],
});

// What the readme claims.
const toFloor = ratioOf(samples, 'problem: document and text', floor).median;
const toPeer = ratioOf(samples, 'problem: document and text', peer).median;
report.claim('rendering costs at most twice JSON.stringify', toFloor <= 2, {
  figure: `${short(toFloor)}×`,
  isTimed: true,
});
report.claim('rendering is faster than http-problem-details', toPeer < 1, {
  figure: `${short(toPeer)}×`,
  isTimed: true,
});
report.end();
