import { readFileSync } from 'node:fs';

/** Version of an installed peer, which may not export its package.json. */
export function versionOf(name) {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}
