import { startStack } from '../../stack/start-stack.mjs';
import { ask } from './ask.mjs';
import { createDeployer } from './deployer.mjs';
import { startMetricsBook } from './metrics-book.mjs';
import { onPrimary } from './on-primary.mjs';
import { startSteadyLoad } from './steady-load.mjs';
import { startSteadyProbe } from './steady-probe.mjs';
import { until } from './until.mjs';

const probeEveryMs = 200;
const probeTimeoutMs = 2_000;

/**
 * What every drill is played on: the real thing, with users on it, a probe that asks all the time whether it is there, and
 * a book of what its copies count.
 *
 * @param {{
 *   root: string, users: number, windowMs: number, deployments: number, note: (text: string) => void, signal: AbortSignal,
 * }} options `windowMs`: how long a fault lasts; `deployments`: how many good ones there are
 */
export async function startScene({ root, users, windowMs, deployments, note, signal }) {
  const stack = await startStack({
    apps: ['crm'],
    copies: 1,
    archive: true,
    env: { TRACE_RATIO: '1' },
    onProgress: note,
    signal,
  });
  try {
    return await people();
  } catch (error) {
    await stack.close();
    throw error;
  }

  async function people() {
    const { crm } = stack.apps;
    if (!crm) throw new Error('The stack has no CRM');
    const { url, slots } = crm;
    /** @type {import('@unite/services').PostgresCluster} */
    const postgres = stack.postgres;
    note('Letting users in');
    const metrics = startMetricsBook({
      urls: slots.map(({ host, port }) => `http://${host}:${port}/metrics`),
    });
    const load = await startSteadyLoad({ url, headers: stack.headers, users });
    signal.addEventListener('abort', load.kill);
    await load.begun;
    const probe = startSteadyProbe({
      urls: new URL('/api/contacts?pageSize=5', url).href,
      headers: stack.headers,
      everyMs: probeEveryMs,
      timeoutMs: probeTimeoutMs,
    });
    return {
      root,
      stack,
      postgres,
      crm,
      url,
      load,
      probe,
      metrics,
      windowMs,
      deployments,
      deployer: createDeployer(crm),
      /** Addresses that a drill touches: all of this machine. */
      targets: [url, ...postgres.nodes.map((node) => node.url), stack.redis.url, stack.receiver.url],
      /**
       * @param {string} path
       * @param {Parameters<typeof ask>[2]} [options]
       */
      ask: (path, options) => ask(url, path, options),
      /**
       * @template Result
       * @param {(client: import('pg').Client, url: string) => Promise<Result>} work
       */
      onPrimary: (work) => onPrimary(postgres.nodes, work),
      /**
       * Waits until the application sees its database so.
       *
       * @param {string} what
       * @param {(nodes: { name: string, state: string, role?: string }[]) => boolean} isSo
       * @param {AbortSignal} signal
       */
      untilNodes: (what, isSo, signal) =>
        until(what, async () => isSo((await ask(url, '/api/ops/cluster')).json.cluster?.nodes ?? []), {
          signal,
        }),
      async close() {
        signal.removeEventListener('abort', load.kill);
        load.kill();
        probe.kill();
        metrics.close();
        await stack.close();
      },
    };
  }
}

/** @typedef {Awaited<ReturnType<typeof startScene>>} Scene */

/**
 * A drill before it knows what it is played on.
 *
 * @typedef {{
 *   name: string, about: string, timeoutMs?: number | undefined,
 *   run(scene: Scene, run: import('@unite/ops/drill').DrillRun): Promise<void>,
 * }} SceneDrill
 */
