import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { publishedPackages } from '../src/published-packages';

// What is a package's own stands between "What it does that others do not" and "Options", and after "Errors".
const order = [
  'Install',
  'Ten lines that run',
  'What it does that others do not',
  'Entries',
  'Options',
  'Errors',
  'Limits',
  'Compatibility',
];

test.each(publishedPackages)('the readme of $name has the order of all', ({ directory }) => {
  const headings = [...proseOf(readmeIn(directory)).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  const common = headings.filter((heading) => order.includes(`${heading}`));
  expect(common).toEqual(order);
  expect(headings.slice(0, 3)).toEqual(order.slice(0, 3));
  expect(headings.slice(-2)).toEqual(order.slice(-2));
});

test.each(publishedPackages)(
  'the readme of $name begins as its package.json describes it',
  ({ name, directory, manifest }) => {
    const description = plain(manifest.description);
    const [title, paragraph = ''] = readmeIn(directory).split('\n\n');
    expect([title, plain(paragraph).slice(0, description.length)]).toEqual([`# ${name}`, description]);
  },
);

function readmeIn(directory: string): string {
  return readFileSync(join(directory, 'README.md'), 'utf8');
}

/** Without code, where `#` begins a comment. */
function proseOf(markdown: string): string {
  return markdown.replace(/^```.*?^```$/gms, '');
}

/** Without line breaks and marks of code, which a description on npm has not. */
function plain(text: string): string {
  return text.replaceAll('\n', ' ').replaceAll('`', '');
}
