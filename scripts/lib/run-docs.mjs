import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGuard } from '../services/src/plain/guard.mjs';
import { createChildren } from './children.mjs';
import { findPnpm } from './find-pnpm.mjs';
import { install } from './install.mjs';
import { installSite } from './install-site.mjs';
import { createProgress } from './progress.mjs';
import { runTool } from './run-tool.mjs';
import { listenForStop } from './stop-signals.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const stateDirectory = join(root, '.unite');
const directory = join(root, 'website');

/**
 * Builds the documentation's site into website/dist. No package is built for it: the reference is made from the sources.
 *
 * @param {readonly string[]} args `--dev` shows the site on this machine instead, and every change as it is saved
 * @returns {Promise<number>} exit code: 1 when a link is dead, or an exported name has no comment
 */
export async function runDocs(args) {
  const unknown = args.filter((arg) => arg !== '--dev');
  if (unknown.length > 0) {
    console.error(`What is ${unknown.join(', ')}? There is --dev, and nothing else.`);
    return 1;
  }
  const isDev = args.includes('--dev');
  const progress = createProgress(isDev ? 4 : 5);
  const guard = createGuard();
  const children = createChildren(guard);
  const stop = listenForStop({ onForce: children.killAll, say: progress.say });
  stop.signal.addEventListener('abort', () => void children.endAll());
  const common = { root, stateDirectory, children };
  try {
    const pnpm = await progress.step(
      'Finding pnpm',
      (note) => findPnpm({ ...common, env: process.env, note }),
      ({ source }) => source,
    );
    const env = { ...pnpm.env, FORCE_COLOR: '0' };
    await progress.step('Installing packages', (note) => install({ ...common, env, note }), String);
    stop.signal.throwIfAborted();
    await progress.step(
      'Installing the site',
      (note) => installSite({ directory, env, children, note }),
      String,
    );
    stop.signal.throwIfAborted();
    await progress.step(
      'Reading what packages export',
      (note) => runHere(['typedoc'], { env, note }),
      () => '',
    );
    stop.signal.throwIfAborted();
    if (isDev) return await show(env);
    await progress.step(
      'Building the site',
      (note) => runHere(['vitepress', 'build'], { env, note }),
      () => '',
    );
    progress.say('The site is in website/dist.');
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

  /**
   * @param {readonly [string, ...string[]]} command a program of the site, and its arguments
   * @param {{ env: NodeJS.ProcessEnv, note: (line: string) => void }} options
   */
  function runHere([program, ...rest], { env, note }) {
    return runTool(children, [programOf(program), ...rest], { cwd: directory, env, note });
  }

  /** Until Ctrl-C. @param {NodeJS.ProcessEnv} env */
  async function show(env) {
    const { exited } = children.start(programOf('vitepress'), ['dev'], {
      cwd: directory,
      env,
      onOutput: (text) => process.stdout.write(text),
    });
    const { code } = await exited;
    return stop.signal.aborted ? stop.exitCode : (code ?? 1);
  }
}

/** @param {string} name */
function programOf(name) {
  return join(directory, 'node_modules', '.bin', name);
}
