import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** A query of PromQL, and where it stands. */
export interface FoundQuery {
  readonly place: string;
  readonly query: string;
}

/** Queries of templates for Kubernetes, and those that runbooks show. */
export function queriesIn(operations: string): readonly FoundQuery[] {
  const templates = filesIn(operations, 'templates', '.yaml').flatMap((place) =>
    parseAllDocuments(readFileSync(join(operations, place), 'utf8')).flatMap((document) =>
      valuesOf(document.toJS(), 'query').map((query) => ({
        place,
        // Filled in by Argo Rollouts.
        query: query.replace(/\{\{[^}]*\}\}/g, 'x'),
      })),
    ),
  );
  const runbooks = filesIn(operations, 'runbooks', '.md').flatMap((place) =>
    [...readFileSync(join(operations, place), 'utf8').matchAll(/^```promql\n(.*?)^```/gms)].map(
      ([, query = '']) => ({ place, query }),
    ),
  );
  return [...templates, ...runbooks];
}

/** Paths below a folder, from `operations`. */
export function filesIn(operations: string, folder: string, ending: string): readonly string[] {
  return readdirSync(join(operations, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .sort();
}

/** Texts under a key, wherever it stands. */
function valuesOf(value: unknown, key: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === key && typeof inner === 'string' ? [inner] : valuesOf(inner, key),
  );
}
