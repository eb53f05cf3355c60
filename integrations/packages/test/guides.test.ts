import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { checkGuides } from '../src/check-guides';
import { guideModules } from '../src/guide-snippets';
import { repository } from '../src/repository';
import { mustRun } from '../src/run';

const fence = (info: string, code: string) => `\`\`\`${info}\n${code}\n\`\`\`\n`;

test('every snippet of the guides, and of the site’s first page, compiles against the packages', () => {
  const pages = mustRun('git', ['ls-files', 'docs/*.md', 'website/index.md'], repository).trim().split('\n');
  const modules = pages.flatMap((page) =>
    guideModules(basename(page), readFileSync(join(repository, page), 'utf8')),
  );
  expect(modules).not.toEqual([]);
  const { output, exitCode } = checkGuides(modules);
  expect(output).toBe('');
  expect(exitCode).toBe(0);
});

test('finds a name that a package does not export, at its line of the page', () => {
  const page = ['# Page', '', fence('ts', "import { nothing } from '@unite/core/once';\nnothing();")].join(
    '\n',
  );
  expect(checkGuides(guideModules('page.md', page)).output).toContain('page.md-3.ts(4,10): error TS2305');
});

test('joins what continues, and leaves out fragments and what was there before', () => {
  const page = [
    fence('ts', 'const one = 1;'),
    fence('ts continues', 'const two = one;'),
    fence('ts fragment', 'one('),
    fence('ts before', 'two('),
    fence('sh', 'three'),
    '<!-- given\ndeclare const four: 4;\n-->',
  ].join('');
  expect(
    guideModules('page.md', page).map(({ name, code }) => [name, code.split('\n').filter(Boolean)]),
  ).toEqual([['page.md-1.ts', ['const one = 1;', 'const two = one;', 'declare const four: 4;']]]);
  expect(() => guideModules('page.md', fence('ts continued', ''))).toThrow('page.md:1');
});
