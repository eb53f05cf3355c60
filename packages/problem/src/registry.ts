import { builtInTypes, ianaBase } from './built-in-types';
import { isSlug } from './problem-type-uri';
import type { ProblemEntry, ProblemTypes } from './types';

/** What is known about a type. Of a type that the registry does not have, that is its URI. */
export type KnownType = Pick<ProblemEntry, 'uri'> & Partial<ProblemEntry>;

/** The registry's lines, found by slug and by URI. */
export interface Registry {
  /** The application's own first. */
  readonly entries: readonly ProblemEntry[];
  /** A slug that another package uses gets a URI too, although it has no page. */
  find(slugOrUri: string): KnownType;
}

/** The application's types, then the built-in ones that it did not define itself. */
export function createRegistry(baseUrl: string, types: ProblemTypes): Registry {
  const entries: ProblemEntry[] = Object.entries(types).map(([slug, definition]) => ({
    slug,
    uri: below(baseUrl, slug),
    definition,
    builtIn: false,
  }));
  for (const [slug, status] of Object.entries(builtInTypes)) {
    if (slug in types) continue;
    const uri = (slug.startsWith('idem') ? baseUrl : ianaBase) + slug;
    const title = slug[0]?.toUpperCase() + slug.slice(1).replaceAll('-', ' ');
    entries.push({ slug, uri, definition: { status, title }, builtIn: true });
  }
  const known = new Map(
    entries.flatMap((entry) => [[entry.slug, entry] as const, [entry.uri, entry] as const]),
  );
  return {
    entries,
    find: (slugOrUri) => known.get(slugOrUri) ?? { uri: below(baseUrl, slugOrUri) },
  };
}

function below(base: string, slugOrUri: string): string {
  return isSlug(slugOrUri) ? base + slugOrUri : slugOrUri;
}
