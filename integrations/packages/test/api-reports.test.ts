import { basename, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { publishedPackages } from '../src/published-packages';
import { run } from '../src/run';

const script = join(__dirname, '../src/api-reports.mjs');

// A public type that changes is seen in review: npm run api:update, then read the diff.
test.each(publishedPackages)(
  '$name publishes what its reports say',
  ({ directory }) => {
    const { exitCode, output } = run(process.execPath, [script, basename(directory)], directory);
    expect([exitCode, output]).toEqual([0, '']);
  },
  120_000,
);
