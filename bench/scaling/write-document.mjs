/**
 * Does the sums of docs/scaling.md again, from what was measured and what is assumed.
 *
 * node scaling/write-document.mjs [--check] [file]
 *
 * `--check` writes nothing, and fails where the document says something else.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readMachine, readMeasured } from './measured.mjs';
import { readSimulated } from './simulate.mjs';
import { blocks } from './sums/blocks.mjs';

const isCheck = process.argv.includes('--check');
const [file = fileURLToPath(new URL('../../docs/scaling.md', import.meta.url))] = process.argv
  .slice(2)
  .filter((arg) => !arg.startsWith('--'));

const units = Object.fromEntries(Object.entries(readMeasured()).map(([name, { value }]) => [name, value]));
const place = /(<!-- sum: ([\w-]+) -->\n)([\s\S]*?)(<!-- end of sum -->)/g;
const text = readFileSync(file, 'utf8');
const sums = blocks(units, readSimulated(), readMachine());
const places = [...text.matchAll(place)];
const wrong = places
  .filter(([, , name, said]) => plain(said) !== plain(`\n${sums[name]}\n\n`))
  .map(([, , name]) => name);
const unknown = places.filter(([, , name]) => sums[name] === undefined).map(([, , name]) => name);
const missing = Object.keys(sums).filter((name) => !places.some(([, , place]) => place === name));

for (const name of unknown) console.error(`${file}: there is no sum "${name}"`);
for (const name of missing) console.error(`${file}: the sum "${name}" has no place`);
if (isCheck) for (const name of wrong) console.error(`${file}: the sum "${name}" comes to something else`);
else if (unknown.length === 0) {
  writeFileSync(
    file,
    text.replace(place, (_, start, name, __, end) => `${start}\n${sums[name]}\n\n${end}`),
  );
}
if (unknown.length + missing.length + (isCheck ? wrong.length : 0) > 0) process.exitCode = 1;

/** The formatter lines columns up. */
function plain(text = '') {
  return text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');
}
