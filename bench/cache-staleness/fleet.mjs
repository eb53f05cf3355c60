import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startFaultProxy } from '../../scripts/services/dist/index.js';
import { Database } from './database.mjs';

const program = fileURLToPath(new URL('worker.mjs', import.meta.url));
const keys = 50;
/** Of each worker. */
const perSecond = 10;
/** Longest wait for a worker's report; one that is stopped gives none. */
const reportTimeoutMs = 20_000;

/**
 * Worker processes over one database, each with a proxy of its own before Redis; with Sentinels, which name the
 * servers themselves, without one. Deaf ones have a namespace each.
 */
export async function startFleet({ namespace, workers: count = 4, cacheOptions, isDeaf, url, sentinel }) {
  const database = new Database(keys);
  const failures = new Map();
  let reads = [];
  let isEnding = false;
  const proxies = url
    ? await Promise.all(Array.from({ length: count }, () => startFaultProxy({ target: url })))
    : [];
  const reports = new Map();
  const workers = await Promise.all(Array.from({ length: count }, (_, worker) => startWorker(worker)));
  let asked = 0;
  return {
    proxies,
    workers,
    database,
    failures,
    write: (isOn) => tellAll({ tell: 'write', perSecond: isOn ? perSecond : 0 }),
    /** The reads since the last time, and how each worker is. */
    async collect() {
      const stats = await Promise.all(workers.map(report));
      const collected = reads;
      reads = [];
      return { reads: collected, stats };
    },
    async close() {
      isEnding = true;
      tellAll({ tell: 'end' });
      const killing = setTimeout(() => {
        for (const worker of workers) worker.kill('SIGKILL');
      }, 5_000);
      await Promise.all(
        workers.map((worker) => worker.exitCode ?? worker.signalCode ?? once(worker, 'exit')),
      );
      clearTimeout(killing);
      await Promise.all(proxies.map((proxy) => proxy.close()));
    },
  };

  async function startWorker(worker) {
    const own = isDeaf ? `${namespace}-${worker}` : namespace;
    const options = { namespace: own, keys, cacheOptions, url: proxies[worker]?.url(), sentinel };
    const child = fork(program, [JSON.stringify(options)]);
    child.on('message', (message) => hear(worker, child, message));
    child.on('exit', (code, signal) => !isEnding && fail(`worker ${worker} ended: ${code ?? signal}`));
    const [message] = await once(child, 'message');
    if (!message.ready) throw new Error(`worker ${worker} did not start: ${JSON.stringify(message)}`);
    return child;
  }

  function hear(worker, child, message) {
    if (message.question) {
      const { question, key, id } = message;
      child.send({ id, answer: database[question](key) ?? null });
    } else if (message.failure) fail(message.failure);
    else if (message.reads) {
      for (const read of message.reads) {
        read.worker = worker;
        reads.push(read);
      }
      for (const { key, version, ...settled } of message.settled) database.settle(key, version, settled);
      if (message.report !== undefined)
        reports.get(message.report)?.({ underWay: message.underWay, ...message.stats });
    }
  }

  function fail(what) {
    failures.set(what, (failures.get(what) ?? 0) + 1);
  }

  function tellAll(message) {
    for (const worker of workers) if (worker.connected) worker.send(message);
  }

  async function report(worker) {
    asked += 1;
    const id = asked;
    const stats = new Promise((resolve) => {
      reports.set(id, resolve);
      setTimeout(resolve, reportTimeoutMs).unref();
    });
    if (worker.connected) worker.send({ tell: 'report', id });
    return stats.finally(() => reports.delete(id));
  }
}
