import { ianaBase, ianaTypes, idempotencyTypes } from './built-in-types';
import type { ProblemEntry, ProblemType, ProblemTypes } from './types';

/** The registry's lines, found by slug and by URI. */
export interface Registry {
  readonly entries: readonly ProblemEntry[];
  find(slugOrUri: string): ProblemEntry | undefined;
  /** The URI of a type, whether the registry knows it or not. */
  uriOf(slugOrUri: string): string;
}

/** The application's types, then the built-in ones that it did not define itself. */
export function createRegistry(baseUrl: string, types: ProblemTypes): Registry {
  const entries = [
    ...linesOf(types, (slug) => (isSlug(slug) ? baseUrl + slug : slug), false),
    ...linesOf(ianaTypes, (slug) => ianaBase + slug, true),
    ...linesOf(idempotencyTypes, (slug) => baseUrl + slug, true),
  ];
  const known = new Map<string, ProblemEntry>();
  for (const entry of entries) {
    for (const key of [entry.slug, entry.uri]) if (!known.has(key)) known.set(key, entry);
  }
  return {
    entries: entries.filter((entry) => known.get(entry.slug) === entry),
    find: (slugOrUri) => known.get(slugOrUri),
    uriOf: (slugOrUri) => known.get(slugOrUri)?.uri ?? (isSlug(slugOrUri) ? baseUrl + slugOrUri : slugOrUri),
  };
}

function linesOf(types: ProblemTypes, uriOf: (slug: string) => string, builtIn: boolean): ProblemEntry[] {
  return Object.entries<ProblemType>(types).map(([slug, definition]) => ({
    slug,
    uri: uriOf(slug),
    definition,
    builtIn,
  }));
}

/** Lower-case words joined by hyphens: safe in a URL, a digest, a file name and a component name. */
export function isSlug(text: string): boolean {
  return /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(text) && text.length <= 100;
}
