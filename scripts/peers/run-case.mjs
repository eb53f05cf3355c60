import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from '../lib/run-tool.mjs';

const programs = join(import.meta.dirname, 'programs');
/** Of a program, and of its installation on a busy machine. */
const timeoutMs = 20 * 60_000;
const npmInstall = ['npm', 'install', '--no-package-lock', '--prefer-offline', '--no-audit', '--no-fund'];

/**
 * Installs the packages beside one version of a peer, checks the program's types, and runs it.
 *
 * @param {import('./cases.mjs').PeerCase} peerCase
 * @param {string} version
 * @param {{
 *   root: string, directory: string, env: NodeJS.ProcessEnv, children: import('../lib/children.mjs').Children,
 *   packed: ReadonlyMap<string, import('./pack-packages.mjs').Packed>, findNode: (version: string) => string,
 * }} options
 * @returns {Promise<{ node: string, types: string, ran: string, problem: string }>} `problem` is empty where all went well
 */
export async function runCase(peerCase, version, { root, directory, env, children, packed, findNode }) {
  mkdirSync(directory, { recursive: true });
  /** @param {readonly string[]} command */
  const run = (command) => runTool(children, command, { cwd: directory, env, timeoutMs });
  writeProject(peerCase, version, directory, packed);
  const result = { node: '', types: '', ran: '', problem: '' };
  try {
    const isForThisNode = await install(run);
    const node = peerCase.node ?? (isForThisNode ? undefined : '24');
    const program = node ? findNode(node) : process.execPath;
    result.node = (await run([program, '--version'])).trim();
    const tsc = join(root, 'node_modules/typescript-native/bin/tsc');
    const compiled = await run([process.execPath, tsc]).catch((error) => ownTypeErrors(String(error)));
    result.types = compiled ? 'failed' : 'passed';
    result.problem = compiled;
    const output = await run([program, fileToRun(peerCase.program)]);
    result.ran = output.trim().split('\n').at(-1) ?? '';
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    result.problem = [result.problem, message].filter(Boolean).join('\n');
  }
  return result;
}

/**
 * @param {import('./cases.mjs').PeerCase} peerCase
 * @param {string} version
 * @param {string} directory
 * @param {ReadonlyMap<string, import('./pack-packages.mjs').Packed>} packed
 */
function writeProject(
  { peer, packages, others = [], program, helpers = [], dependencies },
  version,
  directory,
  packed,
) {
  const major = Number.parseInt(version, 10);
  const manifest = {
    private: true,
    type: 'module',
    dependencies: {
      '@types/node': '20',
      [peer]: version,
      ...dependencies?.(major, version),
      ...tarballs([...packages, ...others], packed),
    },
  };
  writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest, null, 2));
  cpSync(join(programs, 'tsconfig.json'), join(directory, 'tsconfig.json'));
  for (const helper of helpers) cpSync(join(programs, helper), join(directory, helper));
  cpSync(join(programs, program), isFolder(program) ? directory : join(directory, program), {
    recursive: true,
  });
}

/** @param {string} program */
const isFolder = (program) => !program.includes('.');

/** @param {string} program */
const fileToRun = (program) =>
  isFolder(program) ? 'check.mjs' : join('built', program.replace(/tsx?$/, 'js'));

/** Of packages and what they need of each other: a registry may not have them yet. @param {readonly string[]} folders @param {ReadonlyMap<string, import('./pack-packages.mjs').Packed>} packed */
function tarballs(folders, packed) {
  /** @type {Record<string, string>} */
  const found = {};
  const add = (/** @type {string} */ folder) => {
    const one = packed.get(folder);
    if (!one || found[one.name]) return;
    found[one.name] = `file:${one.tarball}`;
    for (const name of one.needs) add(name.replace('@unite/', ''));
  };
  for (const folder of folders) add(folder);
  return found;
}

/** @param {(command: readonly string[]) => Promise<string>} run @returns {Promise<boolean>} whether this Node is one that all of them take */
async function install(run) {
  try {
    await run([...npmInstall, '--engine-strict']);
    return true;
  } catch (error) {
    if (!String(error).includes('EBADENGINE')) throw error;
    await run(npmInstall);
    return false;
  }
}

/** Those of the program and of our declarations: what a peer's own say is not for us to mend. @param {string} output */
function ownTypeErrors(output) {
  const errors = output.match(/^\S.*error TS\d+:.*$/gm) ?? [output];
  const ours = errors.filter((line) => !line.startsWith('node_modules/') || line.includes('/@unite/'));
  return ours.length > 0 ? `types:\n${ours.join('\n')}` : '';
}
