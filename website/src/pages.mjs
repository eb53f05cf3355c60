import { existsSync, readdirSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { addressOf } from './addresses.mjs';
import { root } from './repository.mjs';

/** Everything else that is Markdown and no page, as VitePress excludes it. */
export const excluded = [
  'docs/decisions/template.md',
  'packages/*/!(README).md',
  '{packages,examples}/*/*/**',
  '{bench,integrations,scripts,patches}/**',
];

/**
 * Every page: the file that it is rendered from, and where it is shown.
 *
 * @type {ReadonlyMap<string, string>}
 */
export const pages = new Map(
  [
    'website/index.md',
    ...markdownIn('docs').filter((file) => file !== 'docs/decisions/template.md'),
    ...readmesIn('packages'),
    ...readmesIn('examples'),
    ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'VERSIONING.md'],
    ...markdownIn('website/api'),
  ].map((file) => [file, addressOf(file)]),
);

/** @param {string} folder */
function markdownIn(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => posix.join(folder, file.replaceAll(sep, '/')))
    .sort();
}

/** @param {string} folder */
function readmesIn(folder) {
  return readdirSync(join(root, folder))
    .map((name) => `${folder}/${name}/README.md`)
    .filter((file) => existsSync(join(root, file)));
}
