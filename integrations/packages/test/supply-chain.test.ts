import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { publishedPackages } from '../src/published-packages';
import { repository } from '../src/repository';

const rows = tableOf('docs/decisions/0039-a-dependency-has-a-reason.md');
const page = tableOf('docs/supply-chain.md');

test.each(publishedPackages)(
  'each dependency of $name has a reason, and each reason a dependency',
  ({ name, manifest }) => {
    const own = name.replace('@unite/', '');
    const told = rows
      .filter(([owners = '']) => owners.split(', ').includes(own))
      .flatMap(([, dependencies = '']) => namesIn(dependencies));
    const asked = Object.keys(manifest.dependencies ?? {}).filter(
      (dependency) => dependency !== '@unite/core',
    );
    expect(told.sort()).toEqual(asked.sort());
  },
);

test.each(publishedPackages)('the page tells what comes with $name', ({ name }) => {
  expect(page.filter(([cell = '']) => namesIn(cell).includes(name))).toHaveLength(1);
});

test.each(publishedPackages)('$name runs nothing when it is installed', ({ manifest }) => {
  const atInstall = ['preinstall', 'install', 'postinstall', 'prepare'];
  expect(Object.keys(manifest.scripts ?? {}).filter((script) => atInstall.includes(script))).toEqual([]);
});

/** The cells of each row. */
function tableOf(file: string): string[][] {
  const lines = readFileSync(join(repository, file), 'utf8').split('\n');
  return lines
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}
