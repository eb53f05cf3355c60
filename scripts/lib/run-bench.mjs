import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGuard } from '../services/src/plain/guard.mjs';
import { startMeasuring } from './bench-page/measuring.mjs';
import { keepResult } from './bench-page/result.mjs';
import { writePage } from './bench-page/write-page.mjs';
import { createChildren } from './children.mjs';
import { installPeers } from './install-peers.mjs';
import { prepare, prepareSteps } from './prepare.mjs';
import { createProgress } from './progress.mjs';
import { runTool } from './run-tool.mjs';
import { listenForStop } from './stop-signals.mjs';

/** @typedef {Pick<import('../../bench/lib/report-types').Claim, 'text' | 'figure' | 'isTimed'>} Miss */

const root = fileURLToPath(new URL('../../', import.meta.url));
const stateDirectory = join(root, '.unite');
const bench = join(root, 'bench');
const reports = join(stateDirectory, 'bench');
const results = join(root, 'docs/benchmarks/results');

/** What their short form would show, the tests of a package show. */
const testedAnyway = [
  'apm-cost',
  'apm-integrity',
  'apm-rum',
  'cache-hazards',
  'cache-staleness',
  'crypto-keys',
  'crypto-rotation',
  'ops-dashboard',
  'ops-deploys',
  'ops-restarts',
  'ops-verify',
  'quota-cost',
  'quota-exact',
  'stack-soak',
  'tracing-parents',
];

/** Take long, over deployments, restarts, outages and overload. They run by name, or with `--all`. */
const long = [
  'apm-integrity',
  'apm-rum',
  'cache-hazards',
  'cache-staleness',
  'ops-deploys',
  'ops-restarts',
  'ops-shedding',
  'quota-exact',
];

/** These claim nothing that holds on any machine, however busy: their short form could not fail. */
const judgesTheMachine = [
  'apm-overhead',
  'context',
  'db-ha',
  'db-ha-router',
  'quota-memory',
  'scaling',
  'stack',
  'stack-parts',
  'tracing-overhead',
  'tracing-parts',
];

/**
 * Runs the packages beside their peers, which only this command installs, and writes docs/benchmarks.md from what they
 * show. A bench that is not run keeps what it showed the last time.
 *
 * @param {readonly string[]} args benches such as `problem`; without, all but the long ones, with `--all` those, too;
 *   `--quick` for the short form, which writes nothing; `--page` to write the page again and run nothing
 * @returns {Promise<number>} exit code: 1 when something that the docs claim does not hold
 */
export async function runBench(args) {
  const benches = readdirSync(bench)
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => file.replace(/\.mjs$/, ''));
  const flags = new Set(['--quick', '--page', '--all'].filter((flag) => args.includes(flag)));
  const quick = flags.has('--quick');
  const chosen = args.filter((arg) => !flags.has(arg));
  const unknown = chosen.filter((name) => !benches.includes(name));
  if (unknown.length > 0) {
    console.error(
      `No such bench: ${unknown.join(', ')}. There are ${benches.join(', ')}, and --quick, --page and --all.`,
    );
    return 1;
  }
  if (flags.has('--page')) {
    writePage(root);
    return 0;
  }
  const left = new Set(quick ? [...testedAnyway, ...judgesTheMachine] : flags.has('--all') ? [] : long);
  return measure(chosen.length > 0 ? chosen : benches.filter((name) => !left.has(name)), quick);
}

/**
 * @param {readonly string[]} names
 * @param {boolean} quick
 */
async function measure(names, quick) {
  // `npm test` has installed them already, beside its suites.
  const isComplete = process.env.UNITE_PEERS_INSTALLED !== undefined;
  const progress = createProgress(prepareSteps + (isComplete ? 0 : 1) + names.length);
  const guard = createGuard();
  const children = createChildren(guard);
  const stop = listenForStop({ onForce: children.killAll, say: progress.say });
  stop.signal.addEventListener('abort', () => void children.endAll());
  const common = { root, stateDirectory, children };
  try {
    const env = await prepare({
      ...common,
      filters: ['./packages/*'],
      env: process.env,
      signal: stop.signal,
      progress,
    });
    if (!isComplete) {
      await progress.step(
        'Installing the peers',
        (note) => installPeers({ root, env, children, note }),
        () => '',
      );
    }
    mkdirSync(reports, { recursive: true });
    /** @type {string[]} */
    const missed = [];
    for (const name of names) {
      stop.signal.throwIfAborted();
      const run = await progress.step(
        `Measuring ${name}`,
        (note) => (quick ? runTwiceIfTimed : runOne)(name, { children, env, note, quick }),
        () => '',
      );
      progress.say(`\n${run.output}`);
      missed.push(...run.missed.map(({ text, figure }) => `${name}: ${text}${figure ? ` (${figure})` : ''}`));
    }
    if (missed.length === 0) return 0;
    progress.say(`\nNot everything holds: ${missed.join('; ')}`);
    return 1;
  } catch (error) {
    if (stop.signal.aborted) return stop.exitCode;
    progress.say(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    await children.endAll();
    stop.dispose();
    guard.dismiss();
  }
}

/**
 * What a moment of the machine turned around is not turned around the second time.
 *
 * @type {typeof runOne}
 */
async function runTwiceIfTimed(name, options) {
  const first = await runOne(name, options);
  if (first.missed.length === 0 || !first.missed.every(({ isTimed }) => isTimed)) return first;
  const second = await runOne(name, options);
  return { ...second, output: `${first.output}\n\nOnce more:\n\n${second.output}` };
}

/**
 * A bench that ran to its end leaves a report, whether or not its claims hold; the others go on in any case.
 *
 * @param {string} name
 * @param {{
 *   children: import('./children.mjs').Children, env: NodeJS.ProcessEnv, note: (line: string) => void, quick: boolean,
 * }} options
 * @returns {Promise<{ output: string, missed: readonly Miss[] }>}
 */
async function runOne(name, { children, env, note, quick }) {
  const report = join(reports, `${name}.json`);
  rmSync(report, { force: true });
  const end = startMeasuring(root);
  const command = [process.execPath, `${name}.mjs`, ...(quick ? ['--quick'] : [])];
  const run = runTool(children, command, {
    cwd: bench,
    // Peers, too, are as they are in production.
    env: { ...env, NODE_ENV: 'production', UNITE_BENCH_REPORT: report },
    note,
  });
  const outcome = await run.then(
    (output) => ({ output, missed: [] }),
    (error) => ({
      output: error instanceof Error ? error.message : String(error),
      missed: missedOf(report),
    }),
  );
  if (!quick && existsSync(report)) {
    keepResult(results, { name, report, measured: end() });
    writePage(root);
  }
  return outcome;
}

/**
 * Of a run that failed.
 *
 * @param {string} report
 * @returns {readonly Miss[]}
 */
function missedOf(report) {
  const missed = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).missed : [];
  return missed.length > 0 ? missed : [{ text: 'did not run to its end' }];
}
