import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the repository begins. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Where its files are seen on the web, such as `https://github.com/owner/name`: what the manifest says, else where the
 * workflow runs. Where neither tells, sources are named and not linked.
 *
 * @type {string | undefined}
 */
export const host = repositoryHost();

/** Every package that is published, in the order in which it is read. */
export const packages = ['core', 'problem', 'tracing', 'apm', 'cache', 'quota', 'db-ha', 'crypto', 'ops'];

/**
 * The entries that users import, and the file that each is made of.
 *
 * @returns {{ specifier: string, package: string, file: string }[]}
 */
export function publicEntries() {
  return publishedPackages().flatMap((name) => {
    const { exports } = manifestOf(join('packages', name));
    return Object.entries(exports).flatMap(([subpath, target]) =>
      typeof target === 'string'
        ? []
        : [{ specifier: `@unite/${name}${subpath.slice(1)}`, package: name, file: sourceOf(name, subpath) }],
    );
  });
}

/** @throws {Error} when a published package has no place in the order above */
function publishedPackages() {
  const there = readdirSync(join(root, 'packages')).filter(
    (name) => !manifestOf(join('packages', name)).private,
  );
  const unknown = there.filter((name) => !packages.includes(name));
  if (unknown.length > 0) throw new Error(`website/src/repository.mjs does not order ${unknown.join(', ')}`);
  return packages;
}

/** What `tsup.config.ts` builds the entry from. @param {string} name @param {string} subpath */
function sourceOf(name, subpath) {
  const entry = subpath === '.' ? 'index' : subpath.slice(2);
  const config = readFileSync(join(root, 'packages', name, 'tsup.config.ts'), 'utf8');
  const file = config.match(new RegExp(`^\\s+'?${entry}'?: '(src/[^']+)',$`, 'm'))?.[1];
  if (file === undefined) throw new Error(`packages/${name}/tsup.config.ts builds no ${entry}`);
  return join('packages', name, file);
}

function repositoryHost() {
  const { repository } = manifestOf('');
  const url = repository?.url ?? repository;
  if (typeof url === 'string') return url.replace(/^git\+/, '').replace(/\.git$/, '');
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY } = process.env;
  return GITHUB_REPOSITORY === undefined ? undefined : `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`;
}

/** @param {string} folder */
function manifestOf(folder) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}
