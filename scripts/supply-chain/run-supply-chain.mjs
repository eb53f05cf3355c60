import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createChildren } from '../lib/children.mjs';
import { prepare, prepareSteps } from '../lib/prepare.mjs';
import { createProgress } from '../lib/progress.mjs';
import { runTool } from '../lib/run-tool.mjs';
import { listenForStop } from '../lib/stop-signals.mjs';
import { packPackages } from '../peers/pack-packages.mjs';
import { createGuard } from '../services/src/plain/guard.mjs';
import { installAlone } from './install-alone.mjs';
import { writePage } from './write-page.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const stateDirectory = join(root, '.unite');
const sboms = join(stateDirectory, 'sbom');

/**
 * What somebody gets with each package: installs every tarball alone, with npm and no other package, writes a software
 * bill of materials of it into `.unite/sbom`, asks for known vulnerabilities, and writes docs/supply-chain.md.
 *
 * @returns {Promise<number>} exit code: 1 for a licence that is not allowed, for an install script of ours and for a
 *   known vulnerability
 */
export async function runSupplyChain() {
  const progress = createProgress(prepareSteps + 2);
  const guard = createGuard();
  const children = createChildren(guard);
  const stop = listenForStop({ onForce: children.killAll, say: progress.say });
  stop.signal.addEventListener('abort', () => void children.endAll());
  const directory = mkdtempSync(join(tmpdir(), 'unite-supply-chain-'));
  try {
    const env = await prepare({
      root,
      stateDirectory,
      children,
      filters: ['./packages/*'],
      env: process.env,
      signal: stop.signal,
      progress,
    });
    /** What a command says goes to the step that runs. @type {(line: string) => void} */
    let hear = () => {};
    const run = (/** @type {readonly string[]} */ command, /** @type {string} */ cwd) =>
      runTool(children, command, { cwd, env, note: (line) => hear(line) });
    const step = (/** @type {string} */ title, /** @type {() => Promise<any>} */ work) =>
      progress.step(title, (note) => {
        hear = note;
        return work();
      });

    const packages = await step('Packing', () =>
      packPackages({ root, directory: join(directory, 'tarballs'), env, children }),
    );
    const installed = await step('Installing each alone', () => installEach(packages, run));
    const problems = installed.flatMap(({ problems }) => problems);
    writePage(root, installed);
    progress.say(
      `Bills of materials of ${installed.length} packages are in .unite/sbom, docs/supply-chain.md is written.`,
    );
    for (const problem of problems) progress.say(`refused: ${problem}`);
    return problems.length === 0 ? 0 : 1;
  } catch (error) {
    if (stop.signal.aborted) return stop.exitCode;
    progress.say(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    await children.endAll();
    rmSync(directory, { recursive: true, force: true });
    stop.dispose();
    guard.dismiss();
  }

  /**
   * @param {ReadonlyMap<string, import('../peers/pack-packages.mjs').Packed>} packages
   * @param {import('./install-alone.mjs').Run} run
   */
  async function installEach(packages, run) {
    mkdirSync(sboms, { recursive: true });
    const installed = [];
    for (const [folder, one] of packages) {
      stop.signal.throwIfAborted();
      const found = await installAlone(one, [...packages.values()], join(directory, folder), run);
      writeFileSync(join(sboms, `${folder}.cdx.json`), found.sbom);
      installed.push(found);
    }
    return installed;
  }
}
