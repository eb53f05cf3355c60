import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('worker.mjs', import.meta.url));
const processes = 8;
/** Longest wait until everything is written down, and for all attempts. */
const settleTimeoutMs = 30_000;

/** Worker processes, and what they have told. */
export async function startFleet(options) {
  const outcomes = [];
  const watchers = new Set();
  let admitted = 0;
  let isEnding = false;
  const workers = await Promise.all(Array.from({ length: processes }, startWorker));
  return {
    workers,
    outcomes,
    /** Resolves when so many were admitted. */
    admitted: (count) =>
      new Promise((resolve) => {
        watchers.add({ count, resolve });
        notify();
      }),
    async attempt(ids, { tenantId, plan, inFlight }) {
      const done = workers.map((worker) => answer(worker, 'done'));
      workers.forEach((worker, index) => {
        const own = ids.filter((_, at) => at % processes === index);
        worker.send({ tell: 'attempt', ids: own, plan, tenantId, inFlight });
      });
      await Promise.all(done);
    },
    /** The statistics of all, once nothing waits to be written down. */
    async settled() {
      const untilMs = performance.now() + settleTimeoutMs;
      for (;;) {
        const asked = workers.map((worker) => answer(worker, 'status'));
        for (const worker of workers) worker.send({ tell: 'status' });
        const statistics = await Promise.all(asked);
        if (statistics.every(({ waiting }) => waiting === 0)) return statistics;
        if (performance.now() > untilMs) throw new Error(`Not settled: ${JSON.stringify(statistics)}`);
        await setTimeout(50);
      }
    },
    async close() {
      isEnding = true;
      const killing = globalThis.setTimeout(() => {
        for (const worker of workers) worker.kill('SIGKILL');
      }, 10_000);
      for (const worker of workers) if (worker.connected) worker.send({ tell: 'end' });
      await Promise.all(
        workers.map((worker) => worker.exitCode ?? worker.signalCode ?? once(worker, 'exit')),
      );
      clearTimeout(killing);
    },
  };

  async function startWorker() {
    const worker = fork(program, [JSON.stringify(options)]);
    worker.on('exit', (code, signal) => {
      if (!isEnding) throw new Error(`A worker ended: ${code ?? signal}`);
    });
    worker.on('message', ({ attempt }) => {
      if (!attempt) return;
      outcomes.push(attempt);
      if (attempt.allowed) admitted += 1;
      notify();
    });
    await answer(worker, 'ready');
    return worker;
  }

  function notify() {
    for (const watcher of watchers) {
      if (admitted < watcher.count) continue;
      watchers.delete(watcher);
      watcher.resolve();
    }
  }

  function answer(worker, name) {
    return new Promise((resolve) => {
      worker.on('message', function hear(message) {
        if (!(name in message)) return;
        worker.off('message', hear);
        resolve(message[name]);
      });
    });
  }
}
