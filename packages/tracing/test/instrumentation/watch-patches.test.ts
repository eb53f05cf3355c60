import Module from 'node:module';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { watchPatches } from '../../src/instrumentation/watch-patches';

const { _cache: cache } = Module as unknown as { _cache: Record<string, unknown> };
const files: string[] = [];
afterEach(() => {
  for (const file of files.splice(0)) delete cache[file];
});

/** As if a file of the package had been loaded; it is one that is installed here. */
function load(name: string): void {
  const file = join(__dirname, '../../node_modules', name, 'loaded-by-test.js');
  files.push(file);
  cache[file] = {};
}

function instrumentation(name: string, supportedVersions: string[], more: object = {}) {
  const definition = { name, supportedVersions, patch: (exports: unknown) => exports, files: [], ...more };
  return { definition, instrumentation: { _modules: [definition] } as unknown as Instrumentation };
}

test('what is patched later, or was before it looked, is told', () => {
  const { definition, instrumentation: one } = instrumentation('pg', ['*']);
  const report = watchPatches(one);
  expect(report()).toEqual({ patched: [], missed: [] });
  load('pg');
  expect(report()).toEqual({ patched: [], missed: [{ module: 'pg', reason: 'no-esm-hook' }] });
  expect(definition.patch('exports')).toBe('exports');
  expect(report()).toEqual({ patched: ['pg'], missed: [] });
  expect(watchPatches(instrumentation('pg', ['*'], { moduleExports: {} }).instrumentation)()).toEqual({
    patched: ['pg'],
    missed: [],
  });
});

test('a version that is not known to it is told, and not that something went wrong', () => {
  load('ioredis');
  const { instrumentation: one } = instrumentation('ioredis', ['>=2.0.0 <3'], { files: undefined });
  expect(watchPatches(one)()).toEqual({
    patched: [],
    missed: [],
    note: expect.stringMatching(/^it does not know ioredis 5\.\d+\.\d+$/),
  });
});

test('the entry of the client of redis means nothing, as its files are what is patched', () => {
  const file = { patch: (exports: unknown) => exports };
  const { definition, instrumentation: one } = instrumentation('@redis/client', ['*'], { files: [file] });
  const report = watchPatches(one);
  definition.patch('exports');
  expect(report().patched).toEqual([]);
  file.patch('exports');
  expect(report()).toEqual({ patched: ['@redis/client'], missed: [] });
});

test('what has nothing to patch is left as it is', () => {
  load('pg');
  const { instrumentation: one } = instrumentation('pg', ['*'], { patch: undefined });
  expect(watchPatches(one)().missed).toEqual([{ module: 'pg', reason: 'loaded-before' }]);
});
