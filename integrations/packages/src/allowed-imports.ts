/**
 * What the JavaScript of an entry may import, beyond files of its own package. An entry that is not listed
 * imports nothing at all, so it loads in browsers and edge runtimes as well as in Node.
 */
export const allowedImports: Readonly<Record<string, readonly string[]>> = {
  // The route template is known to Next.js alone; the import is dynamic and may fail.
  '@unite/core/next': ['next/dist/server/app-render/work-async-storage.external.js'],
};

/** Where the code of a package may come from: what its build inlines besides its own `src/`. */
export const inlinedSources: readonly string[] = ['src/', '../shared/src/', '../core/dist/'];
