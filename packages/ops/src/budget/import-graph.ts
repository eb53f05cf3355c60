import { stat } from 'node:fs/promises';
import { moduleName } from './module-name';
import { readLimited } from './read-limited';

/** Who imports whom, by what `next analyze export` writes: JSON Lines of `schema_version` 1. */
export interface ImportGraph {
  /** The names from a route down to a module, itself last; `undefined` where none is known. */
  chainTo(route: string, name: string): readonly string[] | undefined;
}

interface GraphModule {
  readonly ident: string;
  readonly path: string;
  readonly dependencies: { readonly sync: readonly string[] };
}

/**
 * The graph in a file, or why there is none, in a sentence.
 *
 * @param builtAtMs a graph that is older is of other sources
 */
export async function readImportGraph(file: string, builtAtMs: number): Promise<ImportGraph | string> {
  const text = await readLimited(file);
  if (!text) {
    return `who imports what is not known without ${file}: run next analyze --output, and next analyze export > ${file}`;
  }
  if ((await stat(file)).mtimeMs < builtAtMs) return `${file} is older than the build and was not used`;
  try {
    return parseGraph(text.toString());
  } catch {
    return `${file} is not what next analyze export writes, and was not used`;
  }
}

function parseGraph(text: string): ImportGraph {
  const modules = new Map<string, GraphModule>();
  const entries = new Map<string, readonly string[]>();
  for (const line of text.split('\n')) {
    // Most lines are about outputs and their parts.
    if (!/^\{"type":"(meta|module|route)"/.test(line)) continue;
    const record = JSON.parse(line);
    if (record.type === 'meta' && record.schema_version !== 1) throw new TypeError('another schema');
    if (record.type === 'module') modules.set(record.ident, record);
    if (record.type === 'route') entries.set(record.route, serverEntries(record.entries));
  }
  if (modules.size === 0) throw new TypeError('no modules');
  return { chainTo: (route, name) => shortestChain(entries.get(route) ?? [], name, modules) };
}

/** Where the page begins; the other is that of Next.js itself. */
function serverEntries(
  entries: readonly { readonly entry_kind: string; readonly module_ident: string }[],
): readonly string[] {
  return entries.filter((entry) => entry.entry_kind === 'server').map((entry) => entry.module_ident);
}

/** Breadth first. What is imported by `import()` is not loaded first. */
function shortestChain(
  from: readonly string[],
  name: string,
  modules: ReadonlyMap<string, GraphModule>,
): readonly string[] | undefined {
  const reachedBy = new Map<string, string | undefined>(from.map((ident) => [ident, undefined]));
  for (const ident of reachedBy.keys()) {
    const found = modules.get(ident);
    if (found && isForBrowsers(ident) && moduleName(found.path) === name)
      return namesUpTo(ident, reachedBy, modules);
    for (const next of found?.dependencies.sync ?? []) {
      if (!reachedBy.has(next)) reachedBy.set(next, ident);
    }
  }
  return undefined;
}

/** The layer, as in `[project]/lib/report.js [app-client] (ecmascript)`. */
function isForBrowsers(ident: string): boolean {
  return ident.includes('client] (');
}

/** A module has several forms, and Next.js a template before the page. */
function namesUpTo(
  ident: string,
  reachedBy: ReadonlyMap<string, string | undefined>,
  modules: ReadonlyMap<string, GraphModule>,
): readonly string[] {
  const names: string[] = [];
  for (let at: string | undefined = ident; at !== undefined; at = reachedBy.get(at)) {
    const path = modules.get(at)?.path;
    if (path !== undefined) names.unshift(moduleName(path));
  }
  const chain = names.filter((name, index) => name !== names[index - 1]);
  return chain[0] === 'next' && chain.length > 1 ? chain.slice(1) : chain;
}
