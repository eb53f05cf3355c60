import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runTool } from './run-tool.mjs';

/** The one version that the lockfile and the settings are made for. */
const pnpmVersion = '10.34.9';

/**
 * Finds pnpm on PATH, or fetches it by npm into the state directory, once.
 *
 * @param {{
 *   root: string, stateDirectory: string, env: NodeJS.ProcessEnv,
 *   children: import('./children.mjs').Children, note?: (line: string) => void,
 * }} options
 * @returns {Promise<{ env: NodeJS.ProcessEnv, source: string }>} an environment in which `pnpm` is that version
 */
export async function findPnpm({ root, stateDirectory, env, children, note }) {
  const directory = join(stateDirectory, 'tools', 'pnpm');
  const bin = join(directory, 'node_modules', '.bin');
  const prefixed = { ...env, PATH: `${bin}${delimiter}${env.PATH ?? ''}` };
  if (fetchedVersion(directory) === pnpmVersion) return { env: prefixed, source: 'fetched before' };
  if ((await versionOnPath({ root, env, children })) === pnpmVersion) return { env, source: 'on PATH' };

  mkdirSync(directory, { recursive: true });
  // Its own package, or npm walks up and installs into the workspace.
  if (!existsSync(join(directory, 'package.json')))
    writeFileSync(join(directory, 'package.json'), '{ "private": true }\n');
  const flags = ['--no-audit', '--no-fund', '--no-save', '--no-package-lock', '--loglevel=error'];
  await runTool(
    children,
    [...npmCommand(env), 'install', '--prefix', directory, ...flags, `pnpm@${pnpmVersion}`],
    {
      cwd: directory,
      env,
      note: note ?? (() => {}),
    },
  );
  return { env: prefixed, source: 'fetched' };
}

/**
 * Read and not asked: that costs a second.
 *
 * @param {string} directory
 */
function fetchedVersion(directory) {
  try {
    return JSON.parse(readFileSync(join(directory, 'node_modules', 'pnpm', 'package.json'), 'utf8')).version;
  } catch {
    return undefined;
  }
}

/** @param {NodeJS.ProcessEnv} env */
function npmCommand(env) {
  // Under `npm start` this names the npm that runs us, which need not be the first on PATH.
  const running = env.npm_execpath;
  return running?.endsWith('npm-cli.js') ? [process.execPath, running] : ['npm'];
}

/**
 * @param {{ root: string, env: NodeJS.ProcessEnv, children: import('./children.mjs').Children }} options
 * @returns {Promise<string | undefined>}
 */
async function versionOnPath({ root, env, children }) {
  try {
    // A corepack shim would otherwise ask a question that nobody sees.
    const asking = { ...env, COREPACK_ENABLE_DOWNLOAD_PROMPT: '0' };
    return (await runTool(children, ['pnpm', '--version'], { cwd: root, env: asking })).trim();
  } catch {
    return undefined; // None there, or one that cannot run here.
  }
}
