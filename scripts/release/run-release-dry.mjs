import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createChildren } from '../lib/children.mjs';
import { prepare, prepareSteps } from '../lib/prepare.mjs';
import { createProgress } from '../lib/progress.mjs';
import { runTool } from '../lib/run-tool.mjs';
import { listenForStop } from '../lib/stop-signals.mjs';
import { createGuard } from '../services/src/plain/guard.mjs';
import { installedVersion, newApplication } from './consumers.mjs';
import { Rehearsal } from './rehearsal.mjs';
import { secondRelease } from './second-release.mjs';
import { startRegistry } from './start-registry.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const stateDirectory = join(root, '.unite');
const ownSteps = 12;

/**
 * A release that nobody sees: versions, changelogs, tarballs and publishing to a registry on this machine, from which
 * four kinds of projects and two new applications install; then a second release, with a deprecation.
 *
 * @returns {Promise<number>} exit code
 */
export async function runReleaseDry() {
  const progress = createProgress(prepareSteps + ownSteps);
  const guard = createGuard();
  const children = createChildren(guard);
  const stop = listenForStop({ onForce: children.killAll, say: progress.say });
  stop.signal.addEventListener('abort', () => void children.endAll());
  const directory = mkdtempSync(join(tmpdir(), 'unite-release-'));
  const common = { root, stateDirectory, children };
  try {
    const filters = ['./packages/*'];
    const env = await prepare({ ...common, filters, env: process.env, signal: stop.signal, progress });
    await rehearse(env);
    return 0;
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

  /** @param {NodeJS.ProcessEnv} env */
  async function rehearse(env) {
    /** What a step's command says goes to that step. @type {(line: string) => void} */
    let hear = () => {};
    let commandEnv = env;
    const run = (/** @type {readonly string[]} */ command, /** @type {string} */ cwd, more = {}) =>
      runTool(children, command, { cwd, env: { ...commandEnv, ...more }, note: (line) => hear(line) });
    /** @template Result @param {string} title @param {() => Promise<Result>} work @param {(result: Result) => string | undefined} [describe] */
    const step = (title, work, describe) => {
      stop.signal.throwIfAborted();
      return progress.step(
        title,
        (note) => {
          hear = note;
          return work();
        },
        describe,
      );
    };

    await step('Installing a registry', () =>
      run(['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], import.meta.dirname),
    );
    const upstream = (await run(['npm', 'config', 'get', 'registry'], root)).trim();
    const registry = await step(
      'Starting it',
      () => startRegistry({ directory: join(directory, 'registry'), upstream, children, env }),
      ({ url }) => url,
    );

    const release = new Rehearsal(join(directory, 'clone'), run);
    await step('Cloning what is committed', () => release.prepare(root));
    commandEnv = registry.env;
    const first = await step('Making versions of changesets', () => release.version(), countOf);
    await step('Publishing', () => release.publish());
    progress.say(listOf(first));
    await step('Using them in projects of four kinds', () =>
      run(['npx', 'jest', '--ci', 'test/projects'], join(root, 'integrations/packages'), {
        UNITE_REGISTRY: registry.url,
      }),
    );
    for (const template of /** @type {const} */ (['express', 'next'])) {
      await step(
        `Using them in a new application of ${template}`,
        () => newApplication(join(directory, template), template, run),
        (output) => output.trim().split('\n').at(-1),
      );
    }

    const { folder, name, file, rename, changesetFile, changeset, advice } = secondRelease;
    await step(
      'Renaming something public',
      async () => {
        release.change(file, rename);
        await release.build(folder);
        if (await release.publicTypesMatch(folder)) throw new Error(`The reports of ${name} missed a name`);
      },
      () => 'its report differs, as it must',
    );
    release.change(changesetFile, () => changeset);
    const second = await step('Making versions again', () => release.version(), countOf);
    await step('Publishing again', () => release.publish());
    progress.say(`${listOf(second)}\n\n${release.changes(folder)}\n`);
    await step(
      'Upgrading',
      () => checkUpgrades(name, versionIn(first, name), versionIn(second, name)),
      String,
    );

    /** @param {string} upgraded @param {string} from @param {string} to */
    async function checkUpgrades(upgraded, from, to) {
      await run(['npm', 'deprecate', `${upgraded}@${from}`, advice], directory);
      const careful = await installedVersion(join(directory, 'careful'), upgraded, `^${from}`, run);
      const latest = await installedVersion(join(directory, 'latest'), upgraded, 'latest', run);
      if (careful.version !== from || !careful.isDeprecated)
        throw new Error(`^${from} gave ${careful.version}, deprecated: ${careful.isDeprecated}`);
      if (latest.version !== to || latest.isDeprecated)
        throw new Error(`latest gave ${latest.version}, deprecated: ${latest.isDeprecated}`);
      return `^${from} stays and hears of it, latest is ${to}`;
    }
  }
}

/** @typedef {import('./rehearsal.mjs').Released} Released */

/** @param {readonly Released[]} released */
const countOf = ({ length }) => `${length} packages`;

/** @param {readonly Released[]} released */
const listOf = (released) => released.map(({ name, version }) => `  ${name} ${version}`).join('\n');

/** @param {readonly Released[]} released @param {string} name */
function versionIn(released, name) {
  const found = released.find((one) => one.name === name);
  if (!found) throw new Error(`${name} was not released`);
  return found.version;
}
