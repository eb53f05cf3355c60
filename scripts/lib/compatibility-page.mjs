import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How many cells at the beginning of a row tell whose it is. */
const keyCells = { peers: 3, node: 2 };

/**
 * Writes what a run has found into docs/compatibility.md. Of a run that was for some of them alone, the other rows stay, each
 * with its date.
 *
 * @param {string} root
 * @param {keyof typeof keyCells} table
 * @param {readonly (readonly string[])[]} rows
 */
export function keepRows(root, table, rows) {
  const file = join(root, 'docs/compatibility.md');
  const text = readFileSync(file, 'utf8');
  const [begin, end] = [`<!-- begin: ${table} -->`, `<!-- end: ${table} -->`];
  const [before = '', rest = ''] = text.split(begin);
  const [inside = '', after = ''] = rest.split(end);
  const [head = [], , ...kept] = inside.trim().split('\n').map(readCells);
  const keyOf = (/** @type {readonly string[]} */ cells) => cells.slice(0, keyCells[table]).join('|');
  const fresh = new Set(rows.map(keyOf));
  const others = kept.filter((cells) => !fresh.has(keyOf(cells)));
  const body = [...others, ...rows].sort((one, other) => byNumbers(keyOf(one), keyOf(other)));
  writeFileSync(file, [before, begin, '\n\n', formatTable([head, ...body]), '\n\n', end, after].join(''));
}

/** As the formatter of the repository writes a table. @param {readonly (readonly string[])[]} rows */
function formatTable(rows) {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => String(cells[column]).length)),
  );
  const lines = rows.map(
    (cells) => `| ${cells.map((cell, column) => String(cell).padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  const line = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [lines[0], line, ...lines.slice(1)].join('\n');
}

/** @param {string} row */
const readCells = (row) =>
  row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** @param {string} one @param {string} other */
const byNumbers = (one, other) => one.localeCompare(other, 'en', { numeric: true });
