import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deploy, haproxyControl } from '../../packages/ops/dist/deploy.js';
import { startHaproxy } from '../../scripts/services/dist/index.js';
import { freePort } from '../../scripts/services/src/plain/free-port.mjs';
import { startRequests } from '../ops-restarts/requests.mjs';
import { startStreams } from '../ops-restarts/streams.mjs';
import { twoSlots } from './two-slots.mjs';

/**
 * One application in two slots, under requests and with event streams open, which releases are deployed to.
 *
 * @param {{
 *   start: import('../../packages/ops/dist/deploy.js').DeployOptions['start'],
 *   canary?: import('../../packages/ops/dist/deploy.js').CanaryOptions, clients: number, streams: number,
 *   requests: readonly { method: string, path: string, headers?: Record<string, string>, body?: string }[],
 *   streamPath: string, headers?: Record<string, string>,
 * }} options
 */
export async function underLoad({ start, canary, clients, streams, requests, streamPath, headers }) {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'unite-deploys-'));
  const haproxy = await startHaproxy({ config: twoSlots([await freePort(), await freePort()]) });
  const options = {
    proxy: { socket: haproxy.socketPath, backend: 'app' },
    start,
    readiness: { timeoutMs: 120_000 },
    canary: { stepMs: 2_000, minRequests: 50, patienceMs: 120_000, ...canary },
    watchMs: 2_000,
    drainMs: 2_000,
    stateDirectory,
  };
  const first = await deploy({ ...options, initial: true });
  if (first.outcome !== 'promoted') throw new Error(`the first release did not come up: ${first.reason}`);
  const target = { host: '127.0.0.1', port: haproxy.port, headers };
  const load = startRequests({ ...target, clients, requests });
  const watching = startStreams({ ...target, path: streamPath, count: streams });
  await watching.allOpen();
  await untilUp();

  return {
    counts: () => ({ ...load.counts(), ...watching.counts() }),
    /** One release more. All streams are open again when it has ended. */
    async deploy(more = {}) {
      const report = await deploy({ ...options, ...more });
      await watching.allOpen();
      await untilUp();
      return report;
    },
    async close() {
      await load.stop();
      watching.stop();
      await endReleases(stateDirectory);
      await haproxy.close();
      await rm(stateDirectory, { recursive: true });
    },
  };

  /** All streams that open at once may be more than a small machine answers health checks beside. */
  async function untilUp() {
    const proxy = haproxyControl(options.proxy);
    for (const deadlineAtMs = Date.now() + 60_000; ; ) {
      const servers = await proxy.servers();
      if (servers.some(({ status }) => status === 'UP')) return;
      if (Date.now() > deadlineAtMs)
        throw new Error(`no release is up: ${servers.map(({ check }) => check)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** They outlive deployments, so this ends them. */
async function endReleases(stateDirectory) {
  const text = await readFile(join(stateDirectory, 'app.json'), 'utf8').catch(() => '{}');
  for (const { pid } of Object.values(JSON.parse(text))) process.kill(pid, 'SIGTERM');
}
