import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGuard } from '../services/src/plain/guard.mjs';
import { createChildren } from './children.mjs';
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
  const progress = createProgress(prepareSteps + chosenChecks.length + chosenSuites.length);
  const guard = createGuard();
  const children = createChildren(guard);
  const stop = listenForStop({ onForce: children.killAll, say: progress.say });
  stop.signal.addEventListener('abort', () => void children.endAll());
  const common = { root, stateDirectory, children };
  /** @type {import('./run-suite.mjs').Outcome} */
  const total = { passed: 0, failures: [], skips: [] };
  try {
    const env = await prepare({
      ...common,
      filters: [],
      env: process.env,
      signal: stop.signal,
      progress,
    });
    for (const script of chosenChecks) {
      await count(`npm run ${script}`, (note) => runCheck({ root, script, env, children, note }));
    }
    for (const directory of chosenSuites) {
      await count(directory, (note) => runSuite({ ...common, directory, env, note }));
    }
  } catch (error) {
    if (!stop.signal.aborted) total.failures.push(error instanceof Error ? error.message : String(error));
  } finally {
    await children.endAll();
    stop.dispose();
    guard.dismiss();
  }
  if (stop.signal.aborted) return stop.exitCode;
  for (const skip of total.skips) progress.say(`skipped: ${skip}`);
  progress.say(`${total.passed} passed, ${total.failures.length} failed, ${total.skips.length} skipped`);
  return total.failures.length === 0 ? 0 : 1;

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
    total.failures.push(...failures);
    total.skips.push(...skips);
  }
}

/** @param {import('./run-suite.mjs').Outcome} outcome */
function describeOutcome({ passed, failures, skips }) {
  const counts = [`${passed} passed`];
  if (failures.length > 0) counts.push(`${failures.length} failed`);
  if (skips.length > 0) counts.push(`${skips.length} skipped`);
  return counts.join(', ');
}
