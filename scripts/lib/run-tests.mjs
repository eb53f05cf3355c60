import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGuard } from '../services/src/plain/guard.mjs';
import { createChildren } from './children.mjs';
import { installPeers } from './install-peers.mjs';
import { prepare, prepareSteps } from './prepare.mjs';
import { createProgress } from './progress.mjs';
import { runCheck } from './run-check.mjs';
import { runSuite } from './run-suite.mjs';
import { listenForStop } from './stop-signals.mjs';
import { testSuites } from './test-suites.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const stateDirectory = join(root, '.unite');

/** Scripts of the root package that hold or do not. */
const checks = ['lint', 'typecheck', 'knip', 'bench:quick'];

/**
 * What measures no time and writes nothing that others read, the longest first: so many lanes take from it, each what is
 * next when it is free. What stands together runs one after another, since it reads what the one before it writes.
 */
const queue = [
  ['integrations/next-app', 'integrations/next-cache', 'typecheck', 'integrations/packages'],
  ['packages/db-ha'],
  ['packages/ops'],
  ['packages/quota'],
  ['packages/crypto'],
  ['packages/cache'],
  ['packages/tracing'],
  ['scripts/services'],
  ['packages/apm'],
  ['integrations/operations'],
  ['packages/problem'],
  ['examples/express-api'],
  ['lint'],
  ['knip'],
  ['packages/core'],
  ['packages/shared'],
  ['scripts/drills'],
];
const laneCount = 3;

/**
 * Everything between `npm test` and its last line: prepares what the tests need, runs all of them, and
 * counts.
 *
 * @param {readonly string[]} only suites and checks to run, such as `packages/core lint`; none means all
 * @returns {Promise<number>} exit code
 */
export async function runTests(only = []) {
  const suites = testSuites(root);
  const unknown = only.filter((name) => ![...checks, ...suites].includes(name));
  if (unknown.length > 0) {
    console.error(`No such suite: ${unknown.join(', ')}. There are ${[...checks, ...suites].join(', ')}.`);
    return 1;
  }
  const isChosen = (/** @type {string} */ name) => only.length === 0 || only.includes(name);
  const chosenChecks = checks.filter(isChosen);
  const chosenSuites = suites.filter(isChosen);

  mkdirSync(stateDirectory, { recursive: true });
  const peerSteps = chosenChecks.includes('bench:quick') ? 1 : 0;
  const progress = createProgress(prepareSteps + peerSteps + chosenChecks.length + chosenSuites.length);
  const guard = createGuard();
  const children = createChildren(guard);
  const stop = listenForStop({ onForce: children.killAll, say: progress.say });
  stop.signal.addEventListener('abort', () => void children.endAll());
  const common = { root, stateDirectory, children };
  /** @type {import('./run-suite.mjs').Outcome} */
  const total = { passed: 0, failures: [], skips: [] };
  try {
    const prepared = await prepare({
      ...common,
      filters: [],
      env: process.env,
      signal: stop.signal,
      progress,
    });
    // No suite has to look whether it must build.
    /** @type {NodeJS.ProcessEnv} */
    const env = { ...prepared, UNITE_ALL_BUILT: '1' };
    const chosen = [...chosenChecks, ...chosenSuites];
    const runAll = async (/** @type {readonly string[]} */ names) => {
      for (const name of names) if (chosen.includes(name)) await runOne(name, env);
    };
    const waiting = queue.values();
    const lane = async () => {
      for (const names of waiting) await runAll(names);
    };
    const [hasPeers] = await Promise.all([
      chosen.includes('bench:quick') && addPeers(env),
      ...Array.from({ length: laneCount }, lane),
    ]);
    if (hasPeers) env.UNITE_PEERS_INSTALLED = '1';
    await runAll(chosen.filter((name) => !queue.flat().includes(name)));
  } catch (error) {
    if (!stop.signal.aborted) total.failures.push(error instanceof Error ? error.message : String(error));
  } finally {
    await children.endAll();
    stop.dispose();
    guard.dismiss();
  }
  if (stop.signal.aborted) return stop.exitCode;
  for (const skip of total.skips) progress.say(`skipped: ${skip}`);
  for (const failure of total.failures) progress.say(`failed: ${firstLineOf(failure)}`);
  progress.say(`${total.passed} passed, ${total.failures.length} failed, ${total.skips.length} skipped`);
  return total.failures.length === 0 ? 0 : 1;

  /**
   * Where this fails, the benches try again, and tell.
   *
   * @param {NodeJS.ProcessEnv} env
   */
  function addPeers(env) {
    return progress.step(
      'Installing the peers of the benches',
      (note) =>
        installPeers({ root, env, children, note }).then(
          () => true,
          () => false,
        ),
      (isDone) => (isDone ? '' : 'failed'),
    );
  }

  /**
   * @param {string} name of a check or a suite
   * @param {NodeJS.ProcessEnv} env
   */
  function runOne(name, env) {
    if (!checks.includes(name)) {
      return count(name, (note) => runSuite({ ...common, directory: name, env, note }));
    }
    return count(`npm run ${name}`, (note) => runCheck({ root, script: name, env, children, note }));
  }

  /**
   * @param {string} title
   * @param {(note: (line: string) => void) => Promise<import('./run-suite.mjs').Outcome>} run
   */
  async function count(title, run) {
    stop.signal.throwIfAborted();
    const { passed, failures, skips } = await progress.step(`Testing ${title}`, run, describeOutcome);
    stop.signal.throwIfAborted();
    for (const failure of failures) progress.say(`\nFAILED ${title}: ${failure}\n`);
    total.passed += passed;
    total.failures.push(...failures.map((failure) => `${title}: ${failure}`));
    total.skips.push(...skips);
  }
}

/** @param {string} text */
function firstLineOf(text) {
  return text.split('\n', 1)[0] ?? '';
}

/** @param {import('./run-suite.mjs').Outcome} outcome */
function describeOutcome({ passed, failures, skips }) {
  const counts = [`${passed} passed`];
  if (failures.length > 0) counts.push(`${failures.length} failed`);
  if (skips.length > 0) counts.push(`${skips.length} skipped`);
  return counts.join(', ');
}
