import { EventEmitter, once } from 'node:events';
import { dayEvents } from './day-events.mjs';
import { loadDayRequests } from './load-day-requests.mjs';
import { watchProcessors } from './processor-use.mjs';
import { runGenerator } from './run-generator.mjs';

/** What is not over by then was not under load. */
const tooLate = 'it was not over when the users had gone';

const objectives = { p95Ms: 200, errorRate: 0.001 };

/**
 * One day in short: users, and while they are there a replica and Redis die and come back, and a release is deployed.
 *
 * @param {{
 *   name: 'crm' | 'api', stack: import('../stack/start-stack.mjs').Stack, users: number, durationMs: number,
 *   children: import('../lib/children.mjs').Children, say: (text: string) => void, signal: AbortSignal,
 * }} options
 */
export async function runDay({ name, stack, users, durationMs, children, say, signal }) {
  const app = /** @type {import('../stack/start-proxied-app.mjs').ProxiedApp} */ (stack.apps[name]);
  /** @type {import('../../packages/ops/src/load/load-types').LoadProgress[]} */
  const seconds = [];
  const clock = new EventEmitter();
  const isOver = new AbortController();
  const load = runGenerator(
    children,
    { target: app.url, requests: await loadDayRequests(name, stack), users, durationMs, objectives },
    hear,
  );
  /** @type {readonly import('../services/src/types').PostgresNode[]} */
  const nodes = stack.postgres.nodes;
  const processors = watchProcessors(() => ({
    'the application': [...app.copies.values()].map(({ pid }) => pid),
    PostgreSQL: nodes.map(({ pid }) => pid),
    HAProxy: [app.haproxy.pid],
    Redis: [stack.redis.pid],
    'the generator': [load.pid],
    'traces and this command': [process.pid],
  }));
  const ended = load.report.finally(() => isOver.abort());
  const [report, events] = await Promise.all([ended, runEvents()]);
  const kept = report.kept && events.every(({ failure }) => failure === undefined);
  return { app: name, users, kept, report, events, seconds, processors: processors.use() };

  /** @param {import('../../packages/ops/src/load/load-types').LoadProgress} progress */
  function hear(progress) {
    if (progress.elapsedMs === 0) return;
    if (seconds.length === 0) processors.start();
    else if (progress.elapsedMs <= durationMs) processors.look();
    seconds.push(progress);
    clock.emit('second');
  }

  async function runEvents() {
    const done = [];
    for (const { at, name: what, run } of dayEvents(stack, app, { durationMs, users, say, signal })) {
      while (elapsedMs() < at * durationMs && !isOver.signal.aborted)
        await once(clock, 'second', { signal: isOver.signal }).catch(() => undefined);
      if (signal.aborted) break;
      const atMs = elapsedMs();
      const startedAtMs = performance.now();
      say(`${(atMs / 1_000).toFixed(0)} s: ${what}`);
      const { detail, failure } = await run().then(
        (told) => ({ detail: told, failure: isOver.signal.aborted ? tooLate : undefined }),
        (error) => ({ detail: undefined, failure: String(error.message) }),
      );
      done.push({ what, atMs, tookMs: performance.now() - startedAtMs, detail, failure });
    }
    return done;
  }

  function elapsedMs() {
    return seconds.at(-1)?.elapsedMs ?? 0;
  }
}

/** @typedef {Awaited<ReturnType<typeof runDay>>} Day */
