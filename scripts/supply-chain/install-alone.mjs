import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { askForVulnerabilities } from './ask-for-vulnerabilities.mjs';

/** Licences under which anybody may use, change and sell what is built with them. */
const allowedLicences = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
]);

/**
 * @typedef {(command: readonly string[], cwd: string) => Promise<string>} Run
 * @typedef {{ name: string, version: string, licence: string, hasInstallScript: boolean, isOptional: boolean }} Dependency
 * @typedef {{
 *   name: string, dependencies: readonly Dependency[], megabytes: number, vulnerabilities: string, sbom: string,
 *   problems: readonly string[],
 * }} Installed
 */

/**
 * Installs one package into an empty project, as somebody would who needs only this one: without its peers, without
 * scripts.
 *
 * @param {import('../peers/pack-packages.mjs').Packed} one
 * @param {readonly import('../peers/pack-packages.mjs').Packed[]} all where it finds those of the house that it needs
 * @param {string} directory
 * @param {Run} run
 * @returns {Promise<Installed>}
 */
export async function installAlone({ name, tarball }, all, directory, run) {
  mkdirSync(directory, { recursive: true });
  const house = all.filter((other) => other.name !== name);
  const manifest = {
    name: `with-${name.replace('@', '').replace('/', '-')}`,
    version: '0.0.0',
    private: true,
    dependencies: { [name]: `file:${tarball}` },
    overrides: Object.fromEntries(house.map((other) => [other.name, `file:${other.tarball}`])),
  };
  writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest, null, 2));
  const flags = ['--ignore-scripts', '--omit=peer', '--prefer-offline', '--no-audit', '--no-fund'];
  await run(['npm', 'install', ...flags, '--loglevel=error'], directory);
  const sbom = await run(['npm', 'sbom', '--sbom-format=cyclonedx', '--omit=dev', '--omit=peer'], directory);
  const vulnerabilities = await askForVulnerabilities(directory, run);

  const tree = Object.entries(
    JSON.parse(readFileSync(join(directory, 'node_modules/.package-lock.json'), 'utf8')).packages,
  ).map(([path, entry]) => describe(join(directory, path), /** @type {any} */ (entry)));
  const dependencies = tree.filter((dependency) => !dependency.name.startsWith('@unite/'));
  const problems = [
    ...dependencies
      .filter(({ licence }) => !allowedLicences.has(licence))
      .map((dependency) => `${name}: ${dependency.name} has the licence ${dependency.licence}`),
    ...tree
      .filter((dependency) => dependency.name.startsWith('@unite/') && dependency.hasInstallScript)
      .map((dependency) => `${dependency.name} runs a script at install`),
    ...(vulnerabilities.found ? [`${name}: ${vulnerabilities.text}`] : []),
  ];
  const bytes = Number((await run(['du', '-sk', 'node_modules'], directory)).split('\t')[0]) * 1_024;
  return {
    name,
    dependencies,
    megabytes: bytes / 1_000_000,
    vulnerabilities: vulnerabilities.text,
    sbom,
    problems,
  };
}

/**
 * @param {string} directory
 * @param {{ version: string, license?: string, hasInstallScript?: boolean, optional?: boolean }} entry
 * @returns {Dependency}
 */
function describe(directory, { version, license, hasInstallScript = false, optional = false }) {
  const manifest = statSync(directory, { throwIfNoEntry: false })
    ? JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
    : {};
  return {
    name: directory.split('node_modules/').at(-1) ?? '',
    version,
    licence: license ?? manifest.license ?? 'unknown',
    hasInstallScript,
    isOptional: optional,
  };
}
