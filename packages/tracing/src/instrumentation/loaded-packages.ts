import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';

/** Folders of the packages of which a CommonJS file is loaded, by name. Pure ES modules are in no list of Node. */
export function loadedPackages(): ReadonlyMap<string, ReadonlySet<string>> {
  const packages = new Map<string, Set<string>>();
  for (const file of Object.keys((Module as { readonly _cache?: object })._cache ?? {})) {
    const [folder, name] = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)(?=[\\/])/.exec(file) ?? [];
    if (folder === undefined || name === undefined) continue;
    const key = name.replaceAll('\\', '/');
    const folders = packages.get(key) ?? new Set();
    packages.set(key, folders.add(folder));
  }
  return packages;
}

/** The version in a package's folder, or `undefined` where that cannot be read. */
export function versionIn(folder: string): string | undefined {
  try {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
