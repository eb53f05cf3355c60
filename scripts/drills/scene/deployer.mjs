import { deploy } from '@unite/ops/deploy';

/** Enough for the few requests a second that a drill has: a tenth of them, then half. */
const canary = { percents: [10, 50], stepMs: 3_000, minRequests: 20, patienceMs: 60_000 };
const readiness = { times: 3, intervalMs: 200, timeoutMs: 45_000 };
const watchMs = 3_000;

/**
 * Deploys releases of the CRM into whichever slot is idle, as `unite deploy` would.
 *
 * @param {import('../../stack/start-proxied-app.mjs').ProxiedApp} app
 */
export function createDeployer(app) {
  return {
    /**
     * @param {{ release: string, env?: NodeJS.ProcessEnv, note: (text: string) => void, signal: AbortSignal }} options
     */
    async deploy({ release, env = {}, note, signal }) {
      const [running] = app.copies.values();
      return deploy({
        proxy: { socket: app.haproxy.socketPath, backend: app.backend },
        start: (slot) => app.start(slot, { RELEASE: release, DEPLOYMENT: release, ...env }),
        running,
        release,
        readiness,
        canary,
        watchMs,
        signal,
        onProgress: note,
      });
    },
  };
}
