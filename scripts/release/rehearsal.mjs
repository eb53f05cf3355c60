import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A clone of what is committed, in which versions may move and changesets be used up.
 *
 * @typedef {{ name: string, folder: string, version: string }} Released
 */
export class Rehearsal {
  #directory;
  #run;

  /**
   * @param {string} directory of the clone
   * @param {(command: readonly string[], cwd: string) => Promise<string>} run
   */
  constructor(directory, run) {
    this.#directory = directory;
    this.#run = run;
  }

  /** Clones, installs what a release needs, and takes over the builds. @param {string} root */
  async prepare(root) {
    await this.#run(['git', 'clone', '--quiet', root, this.#directory], root);
    const filters = ['--filter', '.', '--filter', './packages/*', '--filter', './integrations/packages'];
    const flags = ['--frozen-lockfile', '--prefer-offline', '--ignore-scripts', '--reporter=append-only'];
    await this.#run(['pnpm', 'install', ...flags, ...filters], this.#directory);
    for (const folder of readdirSync(join(this.#directory, 'packages'))) {
      const dist = join('packages', folder, 'dist');
      if (folder !== 'shared') cpSync(join(root, dist), join(this.#directory, dist), { recursive: true });
    }
    await this.#git('checkout', '--quiet', '-B', 'release');
  }

  /** @param {string} file @param {(text: string) => string} edit */
  change(file, edit) {
    const path = join(this.#directory, file);
    writeFileSync(path, edit(readFileSync(path, { encoding: 'utf8', flag: 'a+' })));
  }

  /** @param {string} folder of the package */
  async build(folder) {
    await this.#run(['pnpm', 'run', 'build'], join(this.#directory, 'packages', folder));
  }

  /** Whether the reports of public types say what is built. @param {string} folder of the package */
  async publicTypesMatch(folder) {
    const script = join(this.#directory, 'integrations/packages/src/api-reports.mjs');
    return this.#run([process.execPath, script, folder], this.#directory).then(
      () => true,
      (error) => {
        if (!String(error).includes('differs: ')) throw error;
        return false;
      },
    );
  }

  /** Changesets become versions and changelogs. @returns {Promise<Released[]>} what moved */
  async version() {
    const before = new Map(this.packages().map(({ name, version }) => [name, version]));
    await this.#run(['pnpm', 'exec', 'changeset', 'version'], this.#directory);
    await this.#git('add', '--all');
    await this.#git(
      ...['-c', 'user.name=Release', '-c', 'user.email=release@localhost', 'commit', '--quiet'],
      ...['--no-verify', '--message', 'Version packages'],
    );
    return this.packages().filter(({ name, version }) => before.get(name) !== version);
  }

  /** Publishes what the registry does not have, as the release workflow does. */
  async publish() {
    for (const { folder } of this.packages()) {
      // Where a package was built is attested by a public runner, which this machine is not.
      this.change(join('packages', folder, 'package.json'), (text) =>
        text.replace(/,\s*"provenance": true/, ''),
      );
    }
    await this.#run(['pnpm', 'exec', 'changeset', 'publish'], this.#directory);
    await this.#git('checkout', '--quiet', '--', 'packages/*/package.json');
  }

  /** @returns {Released[]} */
  packages() {
    return readdirSync(join(this.#directory, 'packages'))
      .map((folder) => ({ folder, ...this.#manifestOf(folder) }))
      .filter((manifest) => !manifest.private)
      .map(({ folder, name, version }) => ({ folder, name, version }));
  }

  /** The newest part of a changelog. @param {string} folder of the package */
  changes(folder) {
    const text = readFileSync(join(this.#directory, 'packages', folder, 'CHANGELOG.md'), 'utf8');
    return `## ${text.split(/^## /m)[1] ?? ''}`.trim();
  }

  /** @param {string} folder */
  #manifestOf(folder) {
    return JSON.parse(readFileSync(join(this.#directory, 'packages', folder, 'package.json'), 'utf8'));
  }

  /** @param {readonly string[]} args */
  #git(...args) {
    return this.#run(['git', ...args], this.#directory);
  }
}
