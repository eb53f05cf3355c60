import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { OpsError } from '../errors';

const fileNames = ['ts', 'mts', 'js', 'mjs', 'cjs'].map((ending) => `unite.config.${ending}`);

/**
 * The nearest configuration: in this folder, or in one above it, up to the one with `.git`.
 *
 * @throws OpsError `UNITE_OPS_CONFIG_NOT_FOUND` that says where it looked
 */
export function findConfig(cwd: string): string {
  const folders = foldersUpwards(resolve(cwd));
  const candidates = folders.flatMap((folder) => fileNames.map((name) => join(folder, name)));
  const found = candidates.find(isFile);
  if (found !== undefined) return found;
  throw new OpsError(
    'UNITE_OPS_CONFIG_NOT_FOUND',
    `there is no unite.config.{ts,mts,js,mjs,cjs} in ${folders.join(', ')}`,
  );
}

/**
 * The configuration that was named.
 *
 * @throws OpsError `UNITE_OPS_CONFIG_NOT_FOUND`
 */
export function namedConfig(cwd: string, file: string): string {
  const path = resolve(cwd, file);
  if (isFile(path)) return path;
  throw new OpsError('UNITE_OPS_CONFIG_NOT_FOUND', `there is no file ${path}`);
}

/** A worktree and a submodule have a file `.git`. */
function foldersUpwards(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder || existsSync(join(folder, '.git'))
    ? [folder]
    : [folder, ...foldersUpwards(parent)];
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
