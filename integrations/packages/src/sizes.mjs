/**
 * Writes what each entry weighs into the table of entries of its README, in the column `Size (limit)`: minified and
 * compressed with brotli, as size-limit measures it. A test fails where a README says something else.
 *
 * node sizes.mjs   needs a build
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const repository = join(import.meta.dirname, '../../..');
const column = 'Size (limit)';
const limits = new Map(readJson('.size-limit.json').map(({ name, limit }) => [name, limit]));
const sizes = new Map(measure().map(({ name, size }) => [name, size]));

for (const folder of readdirSync(join(repository, 'packages'))) {
  const { name, private: isPrivate } = readJson(`packages/${folder}/package.json`);
  if (!isPrivate) writeSizes(join(repository, 'packages', folder, 'README.md'), name);
}

/** @returns {{ name: string, size: number }[]} */
function measure() {
  const { stdout } = spawnSync('npx', ['size-limit', '--json'], { cwd: repository, encoding: 'utf8' });
  return JSON.parse(stdout);
}

/** @param {string} readme @param {string} name of the package */
function writeSizes(readme, name) {
  const lines = readFileSync(readme, 'utf8').split('\n');
  const first = lines.findIndex((line) => line.startsWith(`| \`${name}\``)) - 2;
  if (first < 0) return console.log(`no table of entries: ${readme}`);
  const length = lines.slice(first).findIndex((line) => !line.startsWith('|'));
  const rows = lines.slice(first, first + length).map(cellsOf);
  lines.splice(first, length, ...tableOf(withSizes(rows)));
  writeFileSync(readme, lines.join('\n'));
}

/** @param {string[][]} rows the head, the rule and the entries */
function withSizes([head, rule, ...entries]) {
  const written = head.findIndex((title) => /size/i.test(title));
  const [at, replaced] = written === -1 ? [1, 0] : [written, 1];
  return [
    head.toSpliced(at, replaced, column),
    rule.toSpliced(at, replaced, ''),
    ...entries.map((cells) => cells.toSpliced(at, replaced, sizeOf(cells[0].replaceAll('`', '')))),
  ];
}

/** @param {string} entry such as `@unite/core/context` */
function sizeOf(entry) {
  const bytes = sizes.get(entry);
  if (bytes === undefined) return 'types alone';
  const text = bytes < 1_000 ? `${bytes} B` : `${(bytes / 1_000).toFixed(1)} kB`;
  return `${text} (${limits.get(entry)})`;
}

/** @param {string} line */
function cellsOf(line) {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** @param {string[][]} rows */
function tableOf(rows) {
  const widths = rows[0].map((_title, index) => Math.max(...rows.map((cells) => cells[index].length)));
  return rows.map((cells, row) => {
    const padded = cells.map((cell, index) =>
      row === 1 ? '-'.repeat(widths[index]) : cell.padEnd(widths[index]),
    );
    return `| ${padded.join(' | ')} |`;
  });
}

/** @param {string} path in the repository */
function readJson(path) {
  return JSON.parse(readFileSync(join(repository, path), 'utf8'));
}
