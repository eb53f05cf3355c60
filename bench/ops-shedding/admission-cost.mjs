import toobusy from 'toobusy-js';
import { createLoadShedder } from '../../packages/ops/dist/index.js';
import { interleaved, medianOf } from '../lib/rounds.mjs';
import { showSamples } from '../lib/show-samples.mjs';
import { short } from '../lib/table.mjs';

const roundMs = 10;

/** Nanoseconds of this process for asking and releasing, and for a refusal with its error. */
export async function admissionCost(report, { rounds }) {
  // While a round lasts, the event loop is late.
  const open = createLoadShedder({ maxDelayMs: 60_000 });
  const full = createLoadShedder({ maxInFlight: 1 });
  full.admit();
  const contestants = {
    'admit and release': repeated(() => {
      const admission = open.admit();
      if (!admission.admitted) throw admission.error;
      admission.release();
    }),
    'a refusal': repeated(() => full.admit()),
    'toobusy-js': repeated(toobusy),
    'performance.now()': repeated(() => performance.now()),
  };
  const samples = await interleaved(contestants, { rounds, roundMs, clock: 'cpu' });
  showSamples(report, 'Asking whether to let a request in, processor time', samples, {
    base: 'performance.now()',
    ours: ['admit and release', 'a refusal'],
    limit: ['performance.now()'],
  });
  open.close();
  full.close();
  toobusy.shutdown();
  const ns = medianOf(samples['admit and release']);
  report.claim('admit and release take less than 300 ns', ns < 300, {
    figure: `${short(ns)} ns`,
    isOfMachine: true,
  });
}

function repeated(call) {
  return (calls) => {
    for (let left = calls; left > 0; left -= 1) call();
  };
}
