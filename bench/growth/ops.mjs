import { createDashboard } from '../../packages/ops/dist/dashboard.js';
import { createLifecycle, createLoadShedder } from '../../packages/ops/dist/index.js';
import { repeated } from './loops.mjs';

const sync = { isAsync: false };

/** Checks of health, requests under way, and what a page of the dashboard shows. */
export async function ops(axes) {
  await checksOfHealth(axes);
  await requestsUnderWay(axes);
  await errorsOfDashboard(axes);
  await viewersOfDashboard(axes);
}

async function checksOfHealth(axes) {
  const counts = [1, 4, 16, 64, 256];
  for (const [kind, groupOf] of [
    ['in one group', () => 'ready'],
    ['each in a group of its own', (at) => `feature-${at}`],
  ]) {
    const made = counts.map((x) => ({
      x,
      lifecycle: createLifecycle({
        checks: Object.fromEntries(
          Array.from({ length: x }, (_, at) => [`check-${at}`, { group: groupOf(at), run: () => undefined }]),
        ),
      }),
    }));
    for (const { lifecycle } of made) await lifecycle.start();
    await axes.measure({
      name: `ops: checks of health, ${kind}`,
      operation: 'a report',
      x: 'size',
      points: made.map(({ x, lifecycle }) => ({ x, run: repeated(() => lifecycle.healthNow(), sync) })),
    });
    for (const { lifecycle } of made) await lifecycle.close();
  }
}

async function requestsUnderWay(axes) {
  const made = [1, 10, 100, 1_000, 9_000].map((x) => {
    // While a round lasts, the event loop is late.
    const shedder = createLoadShedder({ maxDelayMs: 60_000 });
    for (let left = x; left > 1; left--) shedder.admit();
    return { x, shedder };
  });
  await axes.measure({
    name: 'ops: requests under way in the shedder',
    operation: 'to admit one and release it',
    x: 'population',
    points: made.map(({ x, shedder }) => ({
      x,
      run: repeated(() => {
        const admission = shedder.admit();
        if (!admission.admitted) throw admission.error;
        admission.release();
        return true;
      }, sync),
    })),
  });
  for (const { shedder } of made) shedder.close();
}

async function errorsOfDashboard(axes) {
  const place = { basePath: '/ops' };
  const made = [10, 100, 1_000, 10_000].map((x) => {
    const events = Array.from({ length: x }, (_, at) => ({
      id: `event-${at}`,
      atMs: Date.now() - at,
      isHandled: true,
      service: { name: 'bench', release: 'v1' },
      exceptions: [{ type: 'Error', message: `kind ${at}`, frames: [] }],
    }));
    const errors = { events: () => events, deployments: () => [] };
    return { x, dashboard: createDashboard({ authorize: () => true, errors }) };
  });
  await axes.measure({
    name: 'ops: errors behind a page of the dashboard',
    operation: 'the page, 100 rows of it at most',
    x: 'size',
    points: made.map(({ x, dashboard }) => ({
      x,
      run: repeated(async () => {
        const request = new Request('http://127.0.0.1/ops/errors', { headers: { accept: 'text/html' } });
        const response = await dashboard.handle(request, place);
        if (response.status !== 200) throw new Error(`the page answered ${response.status}`);
        return response.text();
      }),
    })),
  });
  for (const { dashboard } of made) await dashboard.close();
}

async function viewersOfDashboard(axes) {
  const made = [];
  for (const x of [1, 3, 10, 30, 100]) {
    let wake = () => undefined;
    const clock = {
      wallMs: Date.now,
      monotonicMs: () => 0,
      // Others wait for other times.
      sleep: (ms) =>
        new Promise((resolve) => {
          if (ms === 1_000) wake = resolve;
        }),
    };
    const dashboard = createDashboard({ authorize: () => true, maxViewers: x, clock });
    const readers = [];
    for (let left = x; left > 0; left--) {
      const response = await dashboard.handle(new Request('http://127.0.0.1/ops/stream'), {
        basePath: '/ops',
      });
      readers.push(response.body.getReader());
    }
    // What comes first is no frame.
    for (const reader of readers) await reader.read();
    const second = async () => {
      wake();
      for (const reader of readers) await reader.read();
      return true;
    };
    made.push({ x, dashboard, second });
  }
  await axes.measure({
    name: 'ops: viewers of the dashboard',
    operation: 'a frame for all of them',
    x: 'size',
    points: made.map(({ x, second }) => ({ x, run: repeated(second) })),
  });
  for (const { dashboard } of made) await dashboard.close();
}
