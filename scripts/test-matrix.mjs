/**
 * `npm run test:matrix [versions] [packages]`, such as `20.19.0 24 cache quota`: the unit tests and every built entry of
 * every package, on each version of Node that we promise. `--keep` writes what was found into docs/compatibility.md. Needs a
 * build, and network the first time; no version manager.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepRows } from './lib/compatibility-page.mjs';
import { findNode } from './lib/find-node.mjs';

const repository = join(import.meta.dirname, '..');
const asked = process.argv.slice(2).filter((argument) => argument !== '--keep');
const askedVersions = asked.filter((argument) => /^\d/.test(argument));
const askedFolders = asked.filter((argument) => !askedVersions.includes(argument));
const versions = askedVersions.length > 0 ? askedVersions : ['20.19.0', '22', '24', '26'];
const packages = readdirSync(join(repository, 'packages')).map((folder) => {
  const directory = join(repository, 'packages', folder);
  const isAsked = askedFolders.length === 0 || askedFolders.includes(folder);
  return { directory, isAsked, manifest: JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) };
});

const reports = mkdtempSync(join(tmpdir(), 'unite-matrix-'));
const rows = [];
try {
  for (const version of versions) rows.push(...testVersion(version));
} finally {
  rmSync(reports, { recursive: true, force: true });
}
printTable(rows);
if (process.argv.includes('--keep')) keepRows(repository, 'node', rows.map(cellsOf));
process.exitCode = rows.every((row) => row.problem === '') ? 0 : 1;

/** One row for each package, and one for loading the built entries; a failure does not end the run. */
function testVersion(version) {
  let node;
  try {
    node = findNode(join(repository, '.unite/tools'), version);
  } catch (error) {
    return [
      {
        node: version,
        asked: version,
        what: 'Node itself',
        passed: 0,
        failed: 1,
        seconds: 0,
        problem: error.message,
      },
    ];
  }
  const name = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  console.log(`\n# Node ${name}`);
  return [
    ...packages.filter(hasTests).map((tested) => unitTests(node, name, tested)),
    loadEntries(node, name),
  ].map((row) => ({ ...row, asked: version }));
}

function hasTests({ directory, isAsked }) {
  return isAsked && existsSync(join(directory, 'test')) && existsSync(join(directory, 'jest.config.mjs'));
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

function cellsOf({ node, asked, what, passed, failed }) {
  return [asked, what, node, passed, failed, new Date().toISOString().slice(0, 10)];
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
