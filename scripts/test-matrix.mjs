/**
 * `npm run test:matrix [versions]`: the unit tests and every built entry of every package, on each version of
 * Node that we promise. Needs a build, and network the first time; no version manager.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const repository = join(import.meta.dirname, '..');
const versions = process.argv.length > 2 ? process.argv.slice(2) : ['22', '24', '26'];
const packages = readdirSync(join(repository, 'packages')).map((folder) => {
  const directory = join(repository, 'packages', folder);
  return { directory, manifest: JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) };
});

const reports = mkdtempSync(join(tmpdir(), 'unite-matrix-'));
const rows = [];
try {
  for (const version of versions) rows.push(...testVersion(version));
} finally {
  rmSync(reports, { recursive: true, force: true });
}
printTable(rows);
process.exitCode = rows.every((row) => row.problem === '') ? 0 : 1;

/** One row for each package, and one for loading the built entries; a failure does not end the run. */
function testVersion(version) {
  let node;
  try {
    node = findNode(version);
  } catch (error) {
    return [{ node: version, what: 'Node itself', passed: 0, failed: 1, seconds: 0, problem: error.message }];
  }
  const name = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  console.log(`\n# Node ${name}`);
  return [
    ...packages.filter(hasTests).map((tested) => unitTests(node, name, tested)),
    loadEntries(node, name),
  ];
}

/** The binary of a major version, fetched once into `.unite/tools`. */
function findNode(version) {
  const folder = join(repository, '.unite/tools', `node-${version}`);
  const { name, binary } = nodePackage();
  const file = join(folder, 'node_modules', name, binary);
  if (!existsSync(file)) {
    const where = ['--prefix', folder, '--ignore-scripts', '--no-save', '--no-package-lock'];
    const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
    const options = {
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: process.platform === 'win32',
    };
    const { status, stderr } = spawnSync(
      'npm',
      ['install', ...where, ...quiet, `${name}@${version}`],
      options,
    );
    if (status !== 0 || !existsSync(file))
      throw new Error(`${name}@${version} cannot be installed: ${stderr}`);
  }
  return file;
}

/** What the npm package `node` installs by a script of its own, which not every set-up lets run. */
function nodePackage() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const prefix = platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const binary = platform === 'win' ? 'bin/node.exe' : 'bin/node';
  return { name: `${prefix}-${platform}-${process.arch}`, binary };
}

function hasTests({ directory }) {
  return existsSync(join(directory, 'test')) && existsSync(join(directory, 'jest.config.mjs'));
}

function unitTests(node, name, { directory, manifest }) {
  const report = join(reports, 'report.json');
  rmSync(report, { force: true });
  const jest = join(repository, 'node_modules/jest/bin/jest.js');
  const started = performance.now();
  const { status } = spawnSync(node, [jest, '--ci', '--json', '--outputFile', report], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const result = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
  const good = status === 0 && result?.success === true;
  return {
    node: name,
    what: `${manifest.name} unit tests`,
    passed: result?.numPassedTests ?? 0,
    // A run that did not get as far as counting is a failure too.
    failed: Math.max(result?.numFailedTests ?? 0, good ? 0 : 1),
    seconds: (performance.now() - started) / 1000,
    problem: good ? '' : `jest ended with ${status}`,
  };
}

/** Loads each public entry both ways; the two copies must export the same names. */
function loadEntries(node, name) {
  const entries = packages
    .filter(({ manifest }) => !manifest.private)
    .flatMap(({ manifest }) =>
      Object.entries(manifest.exports)
        .filter(([, target]) => typeof target === 'object')
        .map(([subpath]) => manifest.name + subpath.slice(1)),
    );
  const loader = join(repository, 'integrations/packages/src/exported-values.mjs');
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(node, [loader, ...entries], { encoding: 'utf8' });
  const loaded = status === 0 ? JSON.parse(stdout) : {};
  const bad = entries.filter((entry) => {
    const names = loaded[entry];
    return !names || String(names.import) !== String(names.require);
  });
  if (status !== 0) console.error(stderr);
  return {
    node: name,
    what: 'built entries, ESM and CommonJS',
    passed: entries.length - bad.length,
    failed: bad.length,
    seconds: (performance.now() - started) / 1000,
    problem: bad.length === 0 ? '' : `fail: ${bad.join(', ')}`,
  };
}

function printTable(lines) {
  const width = Math.max(...lines.map(({ what }) => what.length));
  console.log(`\n${'Node'.padEnd(10)} ${'What'.padEnd(width)} Passed Failed Seconds`);
  for (const { node, what, passed, failed, seconds, problem } of lines) {
    const figures = [String(passed).padStart(6), String(failed).padStart(6), seconds.toFixed(1).padStart(7)];
    console.log(`${node.padEnd(10)} ${what.padEnd(width)} ${figures.join(' ')} ${problem}`.trimEnd());
  }
  const sum = (key) => lines.reduce((total, line) => total + line[key], 0);
  console.log(`\n${versions.length} versions of Node: ${sum('passed')} passed, ${sum('failed')} failed`);
}
