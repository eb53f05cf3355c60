import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { reachableFiles } from '../src/module-syntax';
import { packed } from '../src/packed';
import { type Manifest, publishedPackages } from '../src/published-packages';
import { readJson } from '../src/repository';

test('there is something to publish', () => {
  expect(publishedPackages.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['@unite/core', '@unite/problem']),
  );
});

describe.each(publishedPackages)('the tarball of $name', ({ name, directory, entries }) => {
  const content = () => packed(name).directory;
  const manifest = () => JSON.parse(readFileSync(join(content(), 'package.json'), 'utf8')) as Manifest;

  test('holds the build, the manifest, the licence and the readme, and nothing else', () => {
    expect(readdirSync(content()).sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
    expect(
      filesOf(join(content(), 'dist')).filter((file) => !/\.(js|cjs|d\.ts|d\.cts|css)$/.test(file)),
    ).toEqual([]);
  });

  test('asks for versions that the npm registry knows', () => {
    const { dependencies = {}, peerDependencies = {} } = manifest();
    const ranges = Object.entries({ ...dependencies, ...peerDependencies });
    expect(ranges.filter(([, range]) => /^(workspace|catalog|file|link):/.test(range))).toEqual([]);
    expect(ranges.filter(([dependency]) => dependency === '@unite/shared')).toEqual([]);
  });

  // To import it is all there is to do: of a stylesheet, too.
  const entriesWithEffects: Readonly<Record<string, readonly string[]>> = {
    '@unite/ops': ['./dist/*.css'],
    '@unite/tracing': ['./dist/register.js', './dist/register.cjs'],
  };

  test('says what every package of the house says', () => {
    expect(manifest()).toMatchObject({
      license: 'MIT',
      type: 'module',
      sideEffects: entriesWithEffects[name] ?? false,
      engines: { node: '>=20.19' },
      publishConfig: { access: 'public', provenance: true },
    });
  });

  test('names the repository that it is built from, once the repository has a home', () => {
    const home = readJson<Partial<Manifest>>('package.json').repository;
    const expected = home && { ...home, directory: relative(join(directory, '../..'), directory) };
    expect(manifest().repository).toEqual(expected);
  });

  test('exports its manifest', () => {
    expect(manifest().exports['./package.json']).toBe('./package.json');
  });

  test.each(entries)('$specifier has types beside its code, for import and for require', ({ target }) => {
    const base = target.import.default.replace(/\.js$/, '');
    expect(target).toEqual({
      import: { types: `${base}.d.ts`, default: `${base}.js` },
      require: { types: `${base}.d.cts`, default: `${base}.cjs` },
    });
    // The order counts: a condition that comes first is taken first.
    expect(Object.keys(target)).toEqual(['import', 'require']);
    expect(Object.keys(target.import)).toEqual(['types', 'default']);
    expect(Object.keys(target.require)).toEqual(['types', 'default']);
  });

  test('has every file that it exports', () => {
    expect(exportedFiles(content(), manifest()).filter((file) => !existsSync(file))).toEqual([]);
  });

  test('has no file that neither an export nor a program reaches', () => {
    const reached = new Set<string>();
    const programs = Object.values(manifest().bin ?? {}).map((file) => join(content(), file));
    for (const file of [...programs, ...exportedFiles(content(), manifest())]) {
      if (file.endsWith('.css')) reached.add(file);
      else if (!file.endsWith('.json')) reachableFiles(file, reached);
    }
    const unreachable = filesOf(join(content(), 'dist')).filter((file) => !reached.has(file));
    expect(unreachable.map((file) => relative(content(), file))).toEqual([]);
  });
});

function exportedFiles(directory: string, { exports }: Manifest): string[] {
  return Object.values(exports)
    .flatMap((target) =>
      typeof target === 'string'
        ? [target]
        : [target.import.types, target.import.default, target.require.types, target.require.default],
    )
    .map((target) => join(directory, target));
}

function filesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
