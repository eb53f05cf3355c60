import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { publicEntries, publishedPackages } from '../src/published-packages';
import { repository } from '../src/repository';
import { mustRun } from '../src/run';

// What `npm run docs` would find in minutes, in a second: the whole runs in its own workflow.

test('the site has a page in its sidebar for every guide, readme and entry', () => {
  // It throws where a page is in no group.
  const print = "import { sidebar } from './website/src/sidebar.mjs'; console.log(JSON.stringify(sidebar()))";
  const groups = mustRun(process.execPath, ['--input-type=module', '-e', print], repository);
  const links = [...groups.matchAll(/"link":"\/api\/([^"]+)"/g)].map(([, entry]) => `@unite/${entry}`);
  expect([...new Set(links)].sort()).toEqual(publicEntries.map(({ specifier }) => specifier).sort());
});

test.each(publishedPackages)('$name says of every name that it exports what it is', ({ directory }) => {
  const reports = readdirSync(join(directory, 'api'));
  expect(reports).not.toEqual([]);
  const silent = reports.flatMap((file) =>
    withoutComment(readFileSync(join(directory, 'api', file), 'utf8')),
  );
  expect(silent).toEqual([]);
});

test('finds a name without a comment in a report', () => {
  expect(
    withoutComment(
      '// @public (undocumented)\nexport function one(): void;\n\n// @public\nexport type Two = 2;',
    ),
  ).toEqual(['export function one(): void;']);
});

/** Exports of a report of API Extractor that it calls undocumented; a member that is so is indented. */
function withoutComment(report: string): string[] {
  return [...report.matchAll(/^\/\/.*\(undocumented\)\n(export .*)$/gm)].map(([, line = '']) => line);
}
