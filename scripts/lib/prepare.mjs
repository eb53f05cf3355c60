import { build } from './build.mjs';
import { findPnpm } from './find-pnpm.mjs';
import { install } from './install.mjs';

/** How many steps of the progress this takes. */
export const prepareSteps = 3;

/**
 * What every command does first, each part only where it is needed: finds pnpm, installs packages, builds.
 *
 * @param {{
 *   root: string, stateDirectory: string, filters: readonly string[], env: NodeJS.ProcessEnv, signal: AbortSignal,
 *   children: import('./children.mjs').Children, progress: ReturnType<typeof import('./progress.mjs').createProgress>,
 * }} options `filters`: what to build, see `build`
 * @returns {Promise<NodeJS.ProcessEnv>} an environment in which `pnpm` is the right one
 */
export async function prepare({ root, stateDirectory, filters, env, signal, children, progress }) {
  const common = { root, stateDirectory, children };
  const pnpm = await progress.step(
    'Finding pnpm',
    (note) => findPnpm({ ...common, env, note }),
    ({ source }) => source,
  );
  signal.throwIfAborted();
  await progress.step('Installing packages', (note) => install({ ...common, env: pnpm.env, note }), String);
  signal.throwIfAborted();
  await progress.step('Building', (note) => build({ ...common, filters, env: pnpm.env, note }), String);
  signal.throwIfAborted();
  return pnpm.env;
}
