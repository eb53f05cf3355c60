import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from './run-tool.mjs';

/**
 * What a part of the tests came to. A failure names what failed and shows its message.
 *
 * @typedef {{ passed: number, failures: string[], skips: string[] }} Outcome
 */

/** A suite that takes longer does not end: Jest waits for ever for what a failed test has left running. */
const timeoutMs = 20 * 60_000;

/** A skipped test, or its group, says why in its title: `restarts as another user (needs root)`. */
const reason = /\(needs .+\)/;

/**
 * Runs the tests of one workspace package, through the script that a developer would run there.
 *
 * @param {{
 *   root: string, directory: string, stateDirectory: string, env: NodeJS.ProcessEnv,
 *   children: import('./children.mjs').Children, note: (line: string) => void,
 * }} options
 * @returns {Promise<Outcome>}
 */
export async function runSuite({ root, directory, stateDirectory, env, children, note }) {
  const results = join(stateDirectory, 'test-results');
  const outputFile = join(results, `${directory.replaceAll(/[/\\]/g, '-')}.json`);
  mkdirSync(results, { recursive: true });
  rmSync(outputFile, { force: true });
  let end = '';
  try {
    await runTool(children, ['pnpm', 'run', 'test', '--json', `--outputFile=${outputFile}`], {
      cwd: join(root, directory),
      env,
      note,
      timeoutMs,
    });
  } catch (error) {
    end = error instanceof Error ? error.message : String(error);
  }
  return outcomeOf(readResults(outputFile), end);
}

/**
 * @param {JestResults | undefined} results
 * @param {string} end why the run ended badly, or nothing
 * @returns {Outcome}
 */
function outcomeOf(results, end) {
  if (!results) return { passed: 0, failures: [`the tests did not run\n${end}`], skips: [] };
  const tests = results.testResults.flatMap(({ assertionResults }) => assertionResults);
  const skips = tests.filter(({ status }) => status === 'pending' || status === 'todo').map(titleOf);
  const failures = [
    ...results.testResults.filter(
      ({ assertionResults, message }) => assertionResults.length === 0 && message,
    ),
    ...tests.filter(({ status }) => status === 'failed'),
  ].map(describeFailure);
  failures.push(
    ...skips.filter((title) => !reason.test(title)).map((title) => `skipped without a reason: ${title}`),
  );
  // Jest can fail as a whole while each test passes: coverage below its threshold, a teardown that throws.
  if (end && failures.length === 0) failures.push(end);
  const passed = tests.filter(({ status }) => status === 'passed').length;
  if (passed + failures.length + skips.length === 0) failures.push('no test was found');
  return { passed, failures, skips };
}

/**
 * @typedef {{ status: string, ancestorTitles: string[], title: string, failureMessages: string[] }} JestTest
 * @typedef {{ name: string, message: string, assertionResults: JestTest[] }} JestFile
 * @typedef {{ testResults: JestFile[] }} JestResults
 */

/**
 * @param {string} file
 * @returns {JestResults | undefined}
 */
function readResults(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {JestTest} test */
function titleOf({ ancestorTitles, title }) {
  return [...ancestorTitles, title].join(' › ');
}

/** @param {JestTest | JestFile} failed */
function describeFailure(failed) {
  if ('failureMessages' in failed) return `${titleOf(failed)}\n${failed.failureMessages.join('\n')}`;
  return `${failed.name}\n${failed.message}`;
}
