import { expect, test } from '@jest/globals';
import { formatHazards, runHazards } from '../../../src/testing';
import { alwaysLoads } from './always-loads';
import { fixtureUrl } from './broken-cache';

test('refuses a hazard that does not exist', async () => {
  await expect(runHazards(alwaysLoads, { only: ['no-such'] })).rejects.toThrow(
    /only: no such hazard: no-such; there are invalidate-during-load, /,
  );
});

test('a cache that throws has shown that, and the Redis of the run ends', async () => {
  const progress: string[] = [];
  const fails = {
    name: 'fails',
    moduleUrl: fixtureUrl('fails'),
    openNode: async () => {
      throw new Error('no such host');
    },
  };
  const { results } = await runHazards(fails, { onProgress: (message) => progress.push(message) });
  expect(progress).toContain('fails: kept-values');
  for (const { holds, seen } of results) {
    expect(holds).toBe(false);
    expect(seen).toMatch(/no such host/);
  }
});

test('renders a column for each cache and a row for each hazard', () => {
  const table = formatHazards([
    {
      cache: 'one',
      version: '1.2.3',
      results: [
        { name: 'a', summary: 'Never old', holds: true, seen: 'never|old', figures: {} },
        { name: 'b', summary: 'Never lost', holds: false, seen: 'lost\nat once', figures: {} },
      ],
    },
    { cache: 'two', results: [{ name: 'a', summary: 'Never old', seen: 'not applicable', figures: {} }] },
  ]);
  expect(table).toBe(
    [
      '| hazard | one 1.2.3 | two |',
      '| --- | --- | --- |',
      '| a: Never old | **holds**: never\\|old | not applicable |',
      '| b: Never lost | **fails**: lost at once | not run |',
    ].join('\n'),
  );
});
