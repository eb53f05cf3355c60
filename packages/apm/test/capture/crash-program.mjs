// A program that fails in the way that its first argument names, with a sink that keeps what it has not written at a crash.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

const [failure, bundle, directory, flushMs] = process.argv.slice(2);
const { createErrorCapture, createRunMarker, lostRunError, watchChildProcess, watchCrashes, watchWorker } =
  await import(bundle);

const received = `${directory}/received.jsonl`;
const linesOf = (events) => events.map((event) => `${JSON.stringify(event)}\n`).join('');
let queue = [];
/** Answers slowly, so that only a process that waits for it, or keeps what waits, loses nothing. */
const sink = {
  name: 'file',
  crash() {
    appendFileSync(received, linesOf(queue));
    queue = [];
  },
  async flush() {
    await wait(20);
    const events = queue;
    queue = [];
    await appendFile(received, linesOf(events));
  },
};

const clock = {
  wallMs: Date.now,
  sleep: (ms, signal) => wait(ms, undefined, { signal, ref: false }),
};
const service = { name: 'crash-program', release: 'r1', instanceId: failure };
const marker = createRunMarker({
  directory: `${directory}/runs`,
  service,
  clock,
  unsent: () => queue.length,
});
const { capture } = createErrorCapture({
  service,
  clock,
  redact: (_, text) => text,
  context: () => undefined,
  deliver(event) {
    queue.push(event);
    marker.beat();
  },
});
const apm = { captureError: capture };
marker.start();
const lostRuns = failure === 'none' ? marker.lostRuns() : [];
for (const run of lostRuns) capture(lostRunError(run), { kind: 'lost-run', extra: { ...run } });
const watch = watchCrashes({
  capture,
  crash: { flushMs: Number(flushMs) },
  sinks: [sink],
  flush: () => sink.flush(),
  onEnd: marker.ended,
});
const close = async () => {
  watch.close();
  await sink.flush();
  await marker.close();
};

const failures = {
  none: close,
  timer: () => setTimeout(() => fail('timer'), 1),
  twice() {
    setTimeout(() => fail('first'), 1);
    setTimeout(() => fail('second'), 2);
    setImmediate(() => setTimeout(() => Promise.reject(new Error('third')), 2));
  },
  text: () => setTimeout(() => throwText('only a text'), 1),
  rejection: () => void Promise.reject(new Error('rejection')),
  async survivedRejection() {
    process.on('unhandledRejection', () => setTimeout(close, 5));
    Promise.reject(new Error('survived rejection'));
  },
  async survivedException() {
    process.on('uncaughtException', () => setTimeout(close, 5));
    setTimeout(() => fail('survived exception'), 1);
  },
  exitByListener() {
    process.on('uncaughtException', () => process.exit(7));
    setTimeout(() => fail('exit by listener'), 1);
  },
  exitThrows: () => void process.on('exit', () => fail('in the exit')),
  exitWithCodeThrows() {
    process.on('exit', () => fail('in the exit'));
    process.exitCode = 5;
  },
  diesAndExitThrows() {
    process.on('exit', () => fail('in the exit'));
    setTimeout(() => fail('first'), 1);
  },
  heardExitThrows() {
    process.on('uncaughtException', () => undefined);
    process.on('exit', () => fail('in the exit'));
  },
  withWorker() {
    const argv = ['withinWorker', bundle, directory, flushMs];
    const worker = new Worker(new URL(import.meta.url), { argv });
    worker.on('error', (error) => capture(new Error(`heard: ${error.message}`)));
    worker.on('exit', close);
  },
  withinWorker: () => setTimeout(() => fail('within the worker'), 1),
  exit() {
    capture(new Error('before the exit'));
    process.exit(3);
  },
  end: () => void capture(new Error('before the end')),
  worker: () => fromWorker('throw new Error("in the worker")'),
  workerRejection: () => fromWorker('Promise.reject(new Error("rejected in the worker"))'),
  workerExit: () => fromWorker('process.exit(5)'),
  workerMemory: () =>
    fromWorker('const all = []; while (true) all.push(new Array(1e5).fill({}))', {
      resourceLimits: { maxOldGenerationSizeMb: 16 },
    }),
  unheardWorker() {
    watchWorker(apm, new Worker('throw new Error("unheard worker")', { eval: true }));
  },
  child: () => fromChild(process.execPath, ['-e', 'process.exit(3)']),
  killedChild: () => fromChild(process.execPath, ['-e', 'process.kill(process.pid, "SIGKILL")']),
  missingChild: () => fromChild('/no/such/program', []),
  async kill() {
    capture(new Error('never sent'));
    await untilMarked(1);
    process.kill(process.pid, 'SIGKILL');
  },
  abort: () => process.abort(),
  memory() {
    const all = [];
    while (true) all.push(new Array(1e5).fill({ all }));
  },
  signal() {
    process.on('SIGTERM', () => fail('during SIGTERM'));
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => undefined, 1_000);
  },
};

await failures[failure]();

function fail(message) {
  throw new Error(message);
}

function throwText(text) {
  throw text;
}

function fromWorker(code, options) {
  const worker = new Worker(code, { eval: true, ...options });
  worker.on('error', () => undefined);
  worker.on('exit', close);
  watchWorker(apm, worker);
}

function fromChild(file, args) {
  const child = spawn(file, args);
  child.on('error', close);
  child.on('exit', close);
  watchChildProcess(apm, child);
}

/** The mark is written without being waited for. */
async function untilMarked(unsentErrors) {
  const { readdirSync, readFileSync } = await import('node:fs');
  const runs = `${directory}/runs`;
  const isMarked = () =>
    existsSync(runs) &&
    readdirSync(runs)
      .filter((name) => name.startsWith(`run-${process.pid}-`) && name.endsWith('.json'))
      .some((name) => JSON.parse(readFileSync(`${runs}/${name}`, 'utf8')).unsentErrors === unsentErrors);
  while (!isMarked()) await wait(2);
}
