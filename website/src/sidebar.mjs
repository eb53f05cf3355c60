import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linkTo } from './addresses.mjs';
import { pages } from './pages.mjs';
import { packages, publicEntries, root } from './repository.mjs';

/** In the order in which they are read; what a folder gets later comes after what is named here. */
const guides = [
  'docs/PROBLEM_DETAILS.md',
  'docs/DISTRIBUTED_TRACING.md',
  'docs/APM_INTEGRATION.md',
  'docs/CACHING_STRATEGY.md',
  'docs/RATE_LIMITING.md',
  'docs/DATABASE_HA.md',
  'docs/ENCRYPTION_AND_SECURITY.md',
  'docs/FRONTEND_PERFORMANCE.md',
];
const begin = ['docs/choosing-packages.md', 'docs/migrating.md', 'README.md', 'docs/README.md'];
const project = [
  'CONTRIBUTING.md',
  'SECURITY.md',
  'VERSIONING.md',
  'docs/upgrade-policy.md',
  'docs/compatibility.md',
];
const evidence = [
  'docs/benchmarks.md',
  'docs/scaling.md',
  'docs/security-audit.md',
  'docs/security/asvs.md',
  'docs/supply-chain.md',
];

/** The one sidebar of all pages. @throws {Error} when a page is in none of its groups */
export function sidebar() {
  const groups = [
    group('Begin here', begin),
    {
      text: 'Packages',
      items: packages.map((name) => ({
        text: `@unite/${name}`,
        link: `/packages/${name}/`,
        ...(moreOf(name).length > 0 && { collapsed: true, items: moreOf(name).map(item) }),
      })),
    },
    group('Guides', guides),
    group('Examples', filesIn('examples/')),
    {
      ...group(
        'Operations',
        filesIn('docs/operations/').filter((file) => !file.includes('/runbooks/')),
      ),
    },
    group('Runbooks', filesIn('docs/operations/runbooks/'), '/operations/#alerts-and-runbooks'),
    { text: 'API reference', link: '/api/', collapsed: true, items: packages.map(reference) },
    group('Errors and evidence', ['docs/errors.md', ...evidence]),
    group('Decisions', filesIn('docs/decisions/'), '/decisions/'),
    group('Project', project),
  ];
  const linked = new Set(groups.flatMap(linksOf));
  const lost = [...pages.values()]
    .map(linkTo)
    .filter((link) => !linked.has(link) && !['/', '/api/'].includes(link));
  if (lost.length > 0) throw new Error(`No group of website/src/sidebar.mjs has ${lost.join(', ')}`);
  return groups;
}

/** What is written of a package beside its readme. @param {string} name */
function moreOf(name) {
  return filesIn(`docs/${name}/`);
}

/** @param {string} name of a package */
function reference(name) {
  const items = publicEntries()
    .filter((entry) => entry.package === name)
    .map(({ specifier }) => ({ text: specifier, link: `/api/${specifier.slice('@unite/'.length)}` }));
  // A group without a link is a button within a button.
  return { text: `@unite/${name}`, link: `/api/${name}`, collapsed: true, items };
}

/** @param {string} text @param {string[]} files @param {string} [link] of a group that is closed at first */
function group(text, files, link) {
  return { text, ...(link !== undefined && { link, collapsed: true }), items: files.map(item) };
}

/** @param {string} file */
function item(file) {
  return { text: titleOf(file), link: linkTo(String(pages.get(file))) };
}

/** Pages of a folder, its readme first. @param {string} folder */
function filesIn(folder) {
  const files = [...pages.keys()].filter((file) => file.startsWith(folder));
  return files.sort((one, other) => Number(other.endsWith('README.md')) - Number(one.endsWith('README.md')));
}

/** What the page calls itself. @param {string} file */
export function titleOf(file) {
  const title = readFileSync(join(root, file), 'utf8').match(/^# (.+)$/m)?.[1] ?? file;
  return title.replaceAll('`', '');
}

/** @param {{ link?: string, items?: object[] }} entry @returns {string[]} */
function linksOf({ link, items = [] }) {
  return [...(link === undefined ? [] : [link]), ...items.flatMap(linksOf)];
}
