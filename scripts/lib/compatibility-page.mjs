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
  const [head = '', line = '', ...kept] = inside.trim().split('\n');
  const keyOf = (/** @type {readonly string[]} */ cells) => cells.slice(0, keyCells[table]).join('|');
  const fresh = new Set(rows.map(keyOf));
  const others = kept.map(readCells).filter((cells) => !fresh.has(keyOf(cells)));
  const all = [...others, ...rows].map((cells) => `| ${cells.join(' | ')} |`).sort(byNumbers);
  writeFileSync(file, [before, begin, '\n\n', [head, line, ...all].join('\n'), '\n\n', end, after].join(''));
}

/** @param {string} row */
const readCells = (row) =>
  row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** @param {string} one @param {string} other */
const byNumbers = (one, other) => one.localeCompare(other, 'en', { numeric: true });
