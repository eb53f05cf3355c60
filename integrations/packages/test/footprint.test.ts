import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { publishedPackages } from '../src/published-packages';
import { readJson, repository } from '../src/repository';

const page = readFileSync(join(repository, 'docs/choosing-packages.md'), 'utf8');
const budgets = readJson<readonly { readonly name: string; readonly limit: string }[]>('.size-limit.json');

test.each(publishedPackages)('the guide tells what $name weighs and installs', ({ name, manifest }) => {
  const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` `));
  const [, , size = '', installs = '', peers = ''] = row?.split('|').map((cell) => cell.trim()) ?? [];
  expect(size).toBe(budgets.find((budget) => budget.name === name)?.limit ?? 'types alone');
  expect(names(peers)).toEqual(Object.keys(manifest.peerDependencies ?? {}));
  const isTold = (dependency: string) =>
    installs.includes(`\`${dependency}\``) ||
    (dependency.startsWith('@opentelemetry/') && installs.includes('OpenTelemetry'));
  expect(Object.keys(manifest.dependencies ?? {}).filter((dependency) => !isTold(dependency))).toEqual([]);
});

function names(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}
