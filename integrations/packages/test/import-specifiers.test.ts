import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { allowedImports, inlinedSources } from '../src/allowed-imports';
import { identifiersOf, reachableFiles, sourcesOf, specifiersOf, statementsOf } from '../src/module-syntax';
import { publicEntries, publishedPackages } from '../src/published-packages';

describe.each(publicEntries)('$specifier', ({ specifier, target, owner }) => {
  test.each(['import', 'require'] as const)('loads only what it is allowed to, by %s', (condition) => {
    const file = join(owner.directory, target[condition].default);
    expect(externalSpecifiers(file)).toEqual(allowedImports[specifier] ?? []);
  });

  test.each(['import', 'require'] as const)('has types that a consumer can resolve, by %s', (condition) => {
    const { dependencies = {}, peerDependencies = {} } = owner.manifest;
    const declared = Object.keys({ ...dependencies, ...peerDependencies });
    const undeclared = externalSpecifiers(join(owner.directory, target[condition].types)).filter(
      (module) => !module.startsWith('node:') && module !== 'node' && !declared.includes(packageOf(module)),
    );
    expect(undeclared).toEqual([]);
  });
});

describe.each(publishedPackages)('the build of $name', ({ directory }) => {
  const dist = join(directory, 'dist');
  const files = (pattern: RegExp) => readdirSync(dist).filter((file) => pattern.test(file));

  test('imports no package of the house at run time', () => {
    const found = files(/\.c?js$/).flatMap((file) => specifiersOf(join(dist, file)));
    expect(found.filter((module) => module.startsWith('@unite/'))).toEqual([]);
  });

  test('shares types with @unite/core alone, and only with its root', () => {
    const found = files(/\.d\.c?ts$/).flatMap((file) => specifiersOf(join(dist, file)));
    const ofTheHouse = found.filter((module) => module.startsWith('@unite/'));
    expect(ofTheHouse.filter((module) => module !== '@unite/core')).toEqual([]);
  });

  test('keeps optional chaining in CommonJS', () => {
    const downLevelled = files(/\.cjs$/).filter((file) => {
      const identifiers = identifiersOf(join(dist, file));
      return identifiers.has('_optionalChain') || identifiers.has('_nullishCoalesce');
    });
    expect(downLevelled).toEqual([]);
  });

  test('holds its own sources, the private helpers, and nothing else that is not said to be', () => {
    const sources = files(/\.c?js$/).flatMap((file) => sourcesOf(join(dist, file)));
    expect(sources).toContainEqual(expect.stringMatching(/^src\//));
    const foreign = sources.filter((source) => !inlinedSources.some((origin) => source.startsWith(origin)));
    expect(foreign).toEqual([]);
  });
});

test.each(['index.js', 'index.cjs'])('@unite/core has no statement of JavaScript in %s', (file) => {
  const core = publishedPackages.find(({ name }) => name === '@unite/core');
  expect(statementsOf(join(core?.directory ?? '', 'dist', file))).toEqual([]);
});

/** What a file and the files beside it load from elsewhere. */
function externalSpecifiers(file: string): string[] {
  const specifiers = [...reachableFiles(file)].flatMap((reached) => specifiersOf(reached));
  return [...new Set(specifiers.filter((specifier) => !specifier.startsWith('.')))].sort();
}

/** `@scope/name/subpath` → `@scope/name`, `name/subpath` → `name`. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
