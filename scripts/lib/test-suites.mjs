import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where workspace packages stand, in the order in which their tests run: what the rest builds on first. */
const parents = ['packages', 'scripts', 'integrations', 'examples'];

/**
 * Every workspace package that has tests, as paths from the root such as `packages/core`.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function testSuites(root) {
  return parents.flatMap((parent) =>
    readdirSync(join(root, parent))
      .map((name) => join(parent, name))
      .filter((directory) => hasTests(join(root, directory, 'package.json')))
      .sort(),
  );
}

/** @param {string} manifest */
function hasTests(manifest) {
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).scripts?.test !== undefined;
}
