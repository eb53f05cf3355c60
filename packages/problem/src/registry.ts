import { ianaBase, ianaTypes, idempotencyTypes } from './built-in-types';
import { isSlug } from './problem-type-uri';
import type { ProblemEntry, ProblemTypes } from './types';

/** The registry's lines, found by slug and by URI. */
export interface Registry {
  /** The application's own first. */
  readonly entries: readonly ProblemEntry[];
  find(slugOrUri: string): ProblemEntry | undefined;
  /** The URI of a type; of a slug that another package uses too, although it has no page. */
  uriOf(slugOrUri: string): string;
}

/** The application's types, then the built-in ones that it did not define itself. */
export function createRegistry(baseUrl: string, types: ProblemTypes): Registry {
  const entries: ProblemEntry[] = [];
  const known = new Map<string, ProblemEntry>();
  add(types, baseUrl, false);
  add(ianaTypes, ianaBase, true);
  add(idempotencyTypes, baseUrl, true);
  return {
    entries,
    find: (slugOrUri) => known.get(slugOrUri),
    uriOf: (slugOrUri) => known.get(slugOrUri)?.uri ?? below(baseUrl, slugOrUri),
  };

  function add(definitions: ProblemTypes, base: string, builtIn: boolean): void {
    for (const [slug, definition] of Object.entries(definitions)) {
      if (known.has(slug)) continue;
      const entry = { slug, uri: below(base, slug), definition, builtIn };
      entries.push(entry);
      known.set(slug, entry).set(entry.uri, entry);
    }
  }
}

function below(base: string, slugOrUri: string): string {
  return isSlug(slugOrUri) ? base + slugOrUri : slugOrUri;
}
