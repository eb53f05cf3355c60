import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGuard } from '../services/src/plain/guard.mjs';
import { createChildren } from './children.mjs';
import { prepare, prepareSteps } from './prepare.mjs';
import { createProgress } from './progress.mjs';
import { runTool } from './run-tool.mjs';
import { listenForStop } from './stop-signals.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const stateDirectory = join(root, '.unite');
const bench = join(root, 'bench');

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
  'ops-verify',
  'quota-cost',
  'quota-exact',
  'tracing-parents',
];

/** These claim nothing that holds on any machine, however busy: their short form could not fail. */
const judgesTheMachine = ['apm-overhead', 'db-ha', 'scaling', 'tracing-overhead', 'tracing-parts'];

/**
 * Runs the packages beside their peers, which only this command installs.
 *
 * @param {readonly string[]} args benches such as `problem`, none for all; `--quick` for the short form
 * @returns {Promise<number>} exit code: 1 when a ratio that the docs claim does not hold
 */
export async function runBench(args) {
  const benches = readdirSync(bench)
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => file.replace(/\.mjs$/, ''));
  const options = args.filter((arg) => arg === '--quick');
  const chosen = args.filter((arg) => arg !== '--quick');
  const unknown = chosen.filter((name) => !benches.includes(name));
  if (unknown.length > 0) {
    console.error(`No such bench: ${unknown.join(', ')}. There are ${benches.join(', ')}, and --quick.`);
    return 1;
  }

  const progress = createProgress(prepareSteps + 1 + (chosen.length || benches.length));
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
    const npmCi = ['npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
    await progress.step(
      'Installing the peers',
      (note) => runTool(children, npmCi, { cwd: bench, env, note }),
      () => '',
    );
    const left = new Set([...testedAnyway, ...judgesTheMachine]);
    const all = options.length > 0 ? benches.filter((name) => !left.has(name)) : benches;
    for (const name of chosen.length > 0 ? chosen : all) {
      const command = [process.execPath, `${name}.mjs`, ...options];
      const output = await progress.step(
        `Measuring ${name}`,
        (note) => runTool(children, command, { cwd: bench, env, note }),
        () => '',
      );
      progress.say(`\n${output}`);
    }
    return 0;
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
