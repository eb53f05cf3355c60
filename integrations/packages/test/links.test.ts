import { expect, test } from '@jest/globals';
import { anchorsOf, brokenLinks } from '../src/broken-links';
import { repository } from '../src/repository';
import { mustRun } from '../src/run';

const documents = mustRun('git', ['ls-files', '*.md'], repository).trim().split('\n');

test.each(documents)('%s links to files and headings that exist', (document) => {
  expect(brokenLinks(document)).toEqual([]);
});

test('takes headings for anchors as GitHub does', () => {
  const page = ['# `use cache` in Next.js 16', '## React: `useCache`', '## A', '## A', '```', '# no', '```'];
  expect([...anchorsOf(page.join('\n'))]).toEqual(['use-cache-in-nextjs-16', 'react-usecache', 'a', 'a-1']);
});
