import type { Options } from 'tsup';

/**
 * The one build of every published package: ES modules and CommonJS, with types for each.
 *
 * `treeshake` is more than size: without it the CommonJS output down-levels `?.`, and a context read
 * costs 80 ns instead of 7.
 *
 * @param entry public subpath → source file, for example `{ index: 'src/index.ts' }`
 */
export function packageBuild(entry: Record<string, string>, options: Options = {}): Options {
  return {
    entry,
    format: ['esm', 'cjs'],
    target: 'node20',
    platform: 'neutral',
    splitting: true,
    treeshake: true,
    removeNodeProtocol: false,
    clean: true,
    dts: { entry: declarationsOf(entry) },
    // The private helpers and core's context reader are inlined, so no feature package
    // needs another one at run time.
    noExternal: ['@unite/shared', /^@unite\/core\/.+/],
    ...options,
  };
}

/** Where `tsc` has put the declarations of the entries: tsup bundles them, and would take minutes to make them itself. */
export function declarationsOf(entry: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(entry).map(([name, file]) => [
      name,
      file.replace(/^src/, '.declarations').replace(/\.tsx?$/, '.d.ts'),
    ]),
  );
}
