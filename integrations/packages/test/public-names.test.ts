import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { publicNames } from '../src/public-names';
import { publicEntries } from '../src/published-packages';
import { mustRun } from '../src/run';

const typesOf = ({ owner, target }: (typeof publicEntries)[number], condition: 'import' | 'require') =>
  join(owner.directory, target[condition].types);

const declared = publicNames(
  publicEntries.flatMap((entry) => [typesOf(entry, 'import'), typesOf(entry, 'require')]),
);

const loader = join(__dirname, '../src/exported-values.mjs');
const loaded = JSON.parse(
  mustRun(process.execPath, [loader, ...publicEntries.map(({ specifier }) => specifier)], __dirname),
) as Record<string, Record<'import' | 'require', string[]>>;

describe.each(publicEntries)('$specifier', (entry) => {
  const names = declared.get(typesOf(entry, 'import')) ?? [];

  test('declares the same names for import and for require', () => {
    expect(declared.get(typesOf(entry, 'require'))).toEqual(names);
  });

  test('has at run time the values that its types promise', () => {
    const values = names.filter(({ kind }) => kind !== 'interface' && kind !== 'type');
    const expected = values.map(({ name }) => name).sort();
    expect(loaded[entry.specifier]).toEqual({ import: expected, require: expected });
  });
});
