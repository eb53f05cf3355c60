import { expect, test } from '@jest/globals';
import { LoadBook } from '../../src/load/load-book';
import { planLoad } from '../../src/load/load-plan';
import { reportLoad } from '../../src/load/report-load';
import { StallLog } from '../../src/load/stall-log';

const plan = planLoad({ target: 'http://localhost', durationMs: 1_000 });

function newRun(delayMs = 0, busyShare = 0) {
  return {
    book: new LoadBook(plan, new StallLog(0, 1_000, () => 0)),
    stalls: [],
    health: { delay: { p99Ms: delayMs, maxMs: delayMs }, busyShare },
    durationMs: 1_000,
    answers: 0,
  };
}

test.each([
  ['EMFILE', /^connections could not be opened since this process may not open more files \(EMFILE\)/],
  ['EADDRNOTAVAIL', /^connections could not be opened since this machine has no more ports/],
])('says what to do about %s', (code, warning) => {
  const run = newRun();
  run.book.sent(0);
  run.book.failed({ kind: 0, isCounted: true, latencyMs: 1, serviceMs: 1 }, code);
  const { warnings, outcomes } = reportLoad(plan, run);
  expect(outcomes).toEqual({ [code]: 1 });
  expect(warnings).toEqual(['every request failed, so the run is not kept', expect.stringMatching(warning)]);
});

test.each([
  [9, 0.9, []],
  [
    11,
    0.91,
    [
      "the generator's CPU was the limit: its event loop was busy 91 % of the time, so the target may be faster than this",
      'the generator was late: by 11.0 ms at its 99th percentile, of a latency of 100.0 ms; the figures are about this machine',
    ],
  ],
])('a generator that is %d ms late of 100, and busy %d of the time', (delayMs, busyShare, warnings) => {
  const run = newRun(delayMs, busyShare);
  run.book.sent(0);
  run.book.answered({ kind: 0, isCounted: true, latencyMs: 99.97, serviceMs: 99.97 }, 200, 5, 100);
  expect(reportLoad(plan, run)).toMatchObject({
    warnings,
    kept: true,
    interrupted: false,
    generatorDelay: { p99Ms: delayMs },
    bytesReceived: 5,
    outcomes: { 200: 1 },
  });
});

test.each([
  [5, []],
  [5.1, [expect.stringMatching(/^the generator was late: by 5\.1 ms .+ of a latency of 6\.6 ms/)]],
])('a generator that is %d ms late beside a fast target', (delayMs, warnings) => {
  const run = newRun(delayMs);
  run.book.sent(0);
  run.book.answered({ kind: 0, isCounted: true, latencyMs: 6.6, serviceMs: 6.6 }, 200, 5, 100);
  expect(reportLoad(plan, run).warnings).toEqual(warnings);
});

test('a generator is not late of what was not measured', () => {
  const run = newRun(15);
  expect(reportLoad(plan, run)).toMatchObject({
    warnings: ['nothing was measured: no request was due in the measured time'],
    kept: false,
  });
  run.book.sent(0);
  run.book.failed({ kind: 0, isCounted: true, latencyMs: 1, serviceMs: 1 }, 'ECONNRESET');
  expect(reportLoad(plan, run).warnings).toEqual(['every request failed, so the run is not kept']);
});

test('a run that was ended early is not kept, however well it went', () => {
  const run = newRun();
  run.book.sent(0);
  run.book.answered({ kind: 0, isCounted: true, latencyMs: 5, serviceMs: 5 }, 200, 5, 100);
  const objectives = { p95Ms: 200 };
  const report = reportLoad({ ...plan, objectives, signal: AbortSignal.abort() }, run);
  expect(report).toMatchObject({ interrupted: true, verdict: [{ kept: true }], kept: false });
  const { signal } = new AbortController();
  expect(reportLoad({ ...plan, objectives, signal }, run)).toMatchObject({ interrupted: false, kept: true });
});
