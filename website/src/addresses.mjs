/**
 * Where a Markdown file of the repository is shown, as the path of a page.
 *
 * `docs/ops/health.md` → `ops/health.md`, `packages/cache/README.md` → `packages/cache/index.md`,
 * `website/api/@unite/cache/redis.md` → `api/cache/redis.md`
 *
 * @param {string} file from the root of the repository
 */
export function addressOf(file) {
  if (file === 'website/index.md') return 'index.md';
  if (file === 'README.md') return 'about.md';
  if (file === 'docs/README.md') return 'docs.md';
  return (
    file
      .replace(/^docs\//, '')
      .replace(/^website\/api\/(@unite\/)?/, 'api/')
      // What typedoc makes of an entry that is called as an export of the package's root: `slo`.
      .replace(/^(api\/.*)-1\.md$/, '$1.md')
      .replace(/(^|\/)README\.md$/, '$1index.md')
      .replace(/^(CONTRIBUTING|SECURITY|VERSIONING)\.md$/, (name) => name.toLowerCase())
  );
}

/** The address of a page as a link has it: `packages/cache/index.md` → `/packages/cache/`. @param {string} page */
export function linkTo(page) {
  return `/${page.replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '')}`;
}
