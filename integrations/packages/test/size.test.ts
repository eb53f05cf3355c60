import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { entrySizesIn } from '../src/entry-sizes';
import { publicEntries, publishedPackages } from '../src/published-packages';
import { readJson, repository } from '../src/repository';
import { run } from '../src/run';

interface Measured {
  readonly name: string;
  readonly passed?: boolean;
  readonly size: number;
  readonly sizeLimit?: number;
}

const budgets = readJson<{ name: string; path: string }[]>('.size-limit.json');
const measured = JSON.parse(
  run(join(repository, 'node_modules/.bin/size-limit'), ['--json'], repository).stdout,
) as Measured[];

test('every public entry has a budget, and every budget an entry', () => {
  const withCode = publicEntries.filter(({ specifier }) => specifier !== '@unite/core');
  expect(budgets.map(({ name }) => name).sort()).toEqual(withCode.map(({ specifier }) => specifier).sort());
});

test.each(budgets.map(({ name }) => name))('%s, minified and compressed, keeps to its budget', (name) => {
  const { size, sizeLimit = 0 } = measured.find((entry) => entry.name === name) ?? { size: Number.NaN };
  expect(size).toBeLessThanOrEqual(sizeLimit);
});

// Stale? npm run sizes
test.each(publishedPackages)('the readme of $name says what its entries weigh', ({ name, directory }) => {
  const stated = entrySizesIn(readFileSync(join(directory, 'README.md'), 'utf8'));
  const own = measured.filter((entry) => entry.name === name || entry.name.startsWith(`${name}/`));
  expect(stated.map(({ entry }) => entry).sort()).toEqual(own.map((entry) => entry.name).sort());
  for (const { entry, bytes, limit } of stated) {
    const { size = 0, sizeLimit } = own.find((each) => each.name === entry) ?? {};
    expect({ entry, limit, isNear: Math.abs(bytes - size) <= 0.05 * size }).toEqual({
      entry,
      limit: sizeLimit,
      isNear: true,
    });
  }
});
