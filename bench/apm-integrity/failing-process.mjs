// One process that fails in all the ways it is told, the last of which ends it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { startApm, watchChildProcess, watchWorker } from '../../packages/apm/dist/index.js';
import { fileSink } from './file-sink.mjs';

const [directory] = process.argv.slice(2);
const [{ instanceId, failures, isListening }] = await once(process, 'message');
process.disconnect();

const apm = startApm({
  service: { name: 'integrity', release: 'r1', instanceId },
  sinks: [fileSink(join(directory, 'received.jsonl'))],
  crash: { directory: join(directory, 'crashes') },
});
const write = (file, value) => appendFileSync(join(directory, file), `${JSON.stringify(value)}\n`);
for (const lostRun of apm.integrity().lostRuns) write('lost-runs.jsonl', lostRun);

if (isListening) {
  process.on('uncaughtException', () => undefined);
  process.on('unhandledRejection', () => undefined);
}

const inject = {
  captured: (id) => void apm.captureError(new Error(id)),
  request(id) {
    const observation = apm.observe({ method: 'GET', route: '/api/contacts/[id]' });
    observation.failed(new Error(id));
    observation.end({ status: 500 });
  },
  'exception-heard': (id) => void setImmediate(() => fail(id)),
  'rejection-heard': (id) => void Promise.reject(new Error(id)),
  worker: (id) => endOfWorker(`throw new Error(${JSON.stringify(id)})`),
  'worker-exit': (id) => endOfWorker('process.exit(3)', id),
  'child-exit': (id) => endOfChild(['sh', '-c', 'exit 3'], id),
  'child-signal': (id) => endOfChild(['sh', '-c', 'kill -9 $$'], id),
  'child-missing': (id) => endOfChild([`/missing/${id}`], id),
  exception: (id) => void setImmediate(() => fail(id)),
  rejection: (id) => void Promise.reject(new Error(id)),
  sigterm(id) {
    process.on('SIGTERM', () => fail(id));
    process.kill(process.pid, 'SIGTERM');
  },
  exit(id) {
    apm.captureError(new Error(id));
    process.exit(3);
  },
  kill: () => process.kill(process.pid, 'SIGKILL'),
  abort: () => process.abort(),
  memory() {
    const all = [];
    while (true) all.push(new Array(1e5).fill({ all }));
  },
};

for (const { id, kind } of failures) await inject[kind](id);
if (failures.length === 0) await apm.close();
// It ends of the last one, in a moment.
else await wait(10_000);

function fail(id) {
  throw new Error(id);
}

/** By the id of its thread, where its end does not tell which one it was. */
async function endOfWorker(code, id) {
  const worker = new Worker(code, { eval: true });
  if (id) write('ends.jsonl', { instanceId, key: `thread ${worker.threadId}`, id });
  worker.on('error', () => undefined);
  watchWorker(apm, worker);
  // Unlike `once`, which rejects with the error.
  await new Promise((resolve) => worker.on('exit', resolve));
}

async function endOfChild([file, ...args], id) {
  const child = spawn(file, args, { stdio: 'ignore' });
  if (child.pid) write('ends.jsonl', { instanceId, key: `process ${child.pid}`, id });
  watchChildProcess(apm, child);
  await new Promise((resolve) => {
    child.on('error', resolve);
    child.on('exit', resolve);
  });
  await turn();
}
