import { importDeploy } from './import-deploy.mjs';

/**
 * What happens in a day, each at its part of the measured time, one after the other.
 *
 * @param {import('../stack/start-stack.mjs').Stack} stack
 * @param {import('../stack/start-proxied-app.mjs').ProxiedApp} app
 * @param {{ durationMs: number, users: number, say: (text: string) => void, signal: AbortSignal }} day
 * @returns {readonly { at: number, name: string, run: () => Promise<string | undefined> }[]} `run` may tell how it went
 */
export function dayEvents({ postgres, redis }, app, day) {
  const replica = postgres.nodes[1];
  return [
    { at: 0.08, name: 'a replica is killed', run: () => replica.kill('SIGKILL') },
    { at: 0.2, name: 'the replica is back', run: () => replica.start() },
    { at: 0.28, name: 'Redis is killed', run: () => redis.kill('SIGKILL') },
    { at: 0.4, name: 'Redis is back, empty', run: () => redis.start() },
    { at: 0.48, name: 'a new release is deployed', run: () => deployRelease(app, day) },
  ];
}

/**
 * @param {import('../stack/start-proxied-app.mjs').ProxiedApp} app
 * @param {{ durationMs: number, users: number, say: (text: string) => void, signal: AbortSignal }} day
 */
async function deployRelease({ haproxy, backend, slots, copies, start }, { durationMs, users, say, signal }) {
  const { deploy } = await importDeploy();
  const running = [...copies.values()][0];
  const stepMs = Math.min(5_000, durationMs / 20);
  // Half of what a step at 10 % should bring, at one request of each user in four seconds.
  const minRequests = Math.max(1, Math.floor(((users / 4) * 0.1 * stepMs) / 1_000 / 2));
  const report = await deploy({
    proxy: { socket: haproxy.socketPath, backend },
    start: (slot) => start(slot, { RELEASE: 'next', DEPLOYMENT: 'next' }),
    running,
    release: 'next',
    canary: { percents: [10, 50], stepMs, minRequests },
    watchMs: stepMs,
    signal,
    onProgress: say,
  });
  const free = slots.find(({ name }) => !copies.has(name));
  if (report.outcome !== 'promoted') throw new Error(`${report.outcome}: ${report.reason}`);
  if (!free) throw new Error(`the old release still runs: ${report.warnings.join('; ')}`);
  return `from ${report.from} to ${report.to}`;
}
