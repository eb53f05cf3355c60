import { fileURLToPath } from 'node:url';
import { verdict } from '../scene/verdict.mjs';

const mostMs = 60_000;
const brokenBuild = fileURLToPath(new URL('../scene/broken-build.mjs', import.meta.url));

/** What the real build is made to do, and how it is called. */
const kinds = /** @type {const} */ (['crash', 'hang', 'errors', 'slow']);

/** @type {import('../scene/start-scene.mjs').SceneDrill} */
export const badBuilds = {
  name: 'bad-builds',
  about: 'Builds that crash, hang, answer 500 or are slow are deployed: each is found out and rolled back.',
  timeoutMs: 10 * 60_000,
  async run({ load, deployer }, run) {
    for (const kind of kinds) {
      run.note(`deploying a build with: ${kind}`);
      const mark = load.mark();
      const report = await deployer.deploy({
        release: `bad-${kind}`,
        env: { NODE_OPTIONS: `--import=${brokenBuild}`, BROKEN_BUILD: kind },
        note: run.note,
        signal: run.signal,
      });
      const { requests, errors } = await load.since(mark);
      const { outcome, reason, detectedAfterMs = -1, rolledBackAfterMs = -1 } = report;
      const isBack = outcome === 'rolled back';
      run.score(
        verdict(
          `failed deployment (${kind}) detected in < 60 s and rolled back`,
          isBack && detectedAfterMs < mostMs && rolledBackAfterMs < mostMs,
          isBack
            ? `rolled back after ${seconds(rolledBackAfterMs)}; ${errors} of ${requests} requests failed`
            : `${outcome}: ${reason ?? timesOf(report)}`,
          { outcome, detectedAfterMs, rolledBackAfterMs, requests, errors },
        ),
      );
      if (isBack) continue;
      run.note('deploying a good build in its place');
      await deployer.deploy({ release: `after-${kind}`, note: run.note, signal: run.signal });
    }
  },
};

/**
 * Why a slow build was not found out: what it was compared with.
 *
 * @param {import('@unite/ops/deploy').DeployReport} report
 */
function timesOf({ comparisons }) {
  const { canary, running } = comparisons.at(-1) ?? {};
  return `answers took ${canary?.meanMs ?? '?'} ms, those of the running release ${running?.meanMs ?? '?'} ms`;
}

const seconds = (/** @type {number} */ ms) => `${(ms / 1_000).toFixed(1)} s`;
