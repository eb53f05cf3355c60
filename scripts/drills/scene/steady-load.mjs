import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Longer than any drill: it is ended by hand. */
const durationMs = 6 * 60 * 60_000;
const rampMs = 5_000;
const thinkMs = /** @type {const} */ ([3_000, 5_000]);

/** So that it is not forgotten by a second that was not heard of yet. */
const settleMs = 2_000;

const asHarbour = { 'x-demo-workspace': 'harbour' };

/** What people of two workspaces do with the API: mostly look, and now and then save. */
const requests = [
  { path: '/api/contacts', weight: 30 },
  { path: '/api/contacts?page=2', weight: 8 },
  { path: '/api/contacts?stage=lead', weight: 8 },
  { path: '/api/contacts?q=quill', weight: 4 },
  { path: '/api/hot-leads', weight: 8 },
  { path: '/api/campaigns', weight: 8 },
  { name: 'GET /api/contacts of another', path: '/api/contacts', weight: 24, headers: asHarbour },
  { name: 'GET /api/campaigns of another', path: '/api/campaigns', weight: 8, headers: asHarbour },
  {
    method: 'POST',
    path: '/api/contacts',
    weight: 2,
    headers: { 'content-type': 'application/json', 'idempotency-key': 'drill-{user}-{n}' },
    body: '{"email":"load-{user}-{n}@drill.example"}',
  },
];

/**
 * Open-loop users of the API who go on through all drills, from a process of its own.
 *
 * @param {{ url: string, headers: Record<string, string>, users: number, timeoutMs?: number }} options
 */
export async function startSteadyLoad({ url, headers, users, timeoutMs = 10_000 }) {
  const child = fork(fileURLToPath(new URL('load-process.mjs', import.meta.url)), { stdio: 'inherit' });
  /** What was answered in each second, with its 95th percentile: a number each, of hours. @type {{ requests: number, p95Ms: number }[]} */
  const seconds = [];
  let errors = 0;
  /** @type {import('@unite/ops/load').LoadReport | undefined} */
  let report;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const begun = new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('The load ended by itself')));
    child.on('message', (/** @type {any} */ message) => {
      if (message.report) report = message.report;
      if (!message.progress || message.progress.elapsedMs === 0) return;
      const { requestsPerSecond, p95Ms, errors: errorsNow } = message.progress;
      seconds.push({ requests: requestsPerSecond, p95Ms });
      errors = errorsNow;
      resolve(undefined);
    });
  });
  begun.catch(() => {});
  child.send({ target: url, headers, requests, users, thinkMs, rampMs, durationMs, timeoutMs });

  return {
    users,
    thinkMs,
    /** Resolves when all users have come. */
    begun,
    /** Where the load stands, for `since`. */
    mark: () => ({ second: seconds.length, errors }),
    /**
     * What has happened since a mark.
     *
     * @param {{ second: number, errors: number }} mark
     */
    async since(mark) {
      await new Promise((resolve) => setTimeout(resolve, settleMs));
      const window = seconds.slice(mark.second);
      const p95s = window.map(({ p95Ms }) => p95Ms).sort((a, b) => a - b);
      return {
        requests: Math.round(window.reduce((sum, second) => sum + second.requests, 0)),
        errors: errors - mark.errors,
        /** The one in the middle of all seconds'. */
        p95Ms: p95s[Math.floor(p95s.length / 2)] ?? Number.NaN,
      };
    },
    /** Ends it, and gives what it came to. */
    async stop() {
      if (child.connected) child.send('end');
      await exited;
      return report;
    },
    kill: () => child.kill('SIGKILL'),
  };
}

/** @typedef {Awaited<ReturnType<typeof startSteadyLoad>>} SteadyLoad */
