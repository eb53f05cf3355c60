import { globalSlot } from '@unite/shared';
import type { CacheDefinition, KeyPart } from '../types';
import { maxResponseTtlMs, type ResponseSettings } from './response-settings';
import type { StoredResponse } from './response-types';

/** What tells one entry from another, ready made. */
export interface EntryParams {
  readonly key: readonly KeyPart[];
  readonly tags: readonly string[];
}

/** What responses are kept in. */
export interface ResponseDefinitions {
  readonly responses: CacheDefinition<EntryParams, StoredResponse>;
  /** For a URL, the names of the request headers that its responses depend on. */
  readonly varyNames: CacheDefinition<EntryParams, readonly string[]>;
}

/**
 * The definitions of a name and a scope, made once for each cache: Next.js evaluates the file that asks for them
 * several times, in several copies of this module.
 */
export function responseDefinitions({ cache, name, scope }: ResponseSettings): ResponseDefinitions {
  const known = globalSlot(
    Symbol.for('unite.cache.responses.1'),
    () => new WeakMap<object, Map<string, ResponseDefinitions>>(),
  );
  const ofCache = known.get(cache) ?? new Map<string, ResponseDefinitions>();
  known.set(cache, ofCache);
  const fullName = `${name}.${scope}`;
  const definitions = ofCache.get(fullName) ?? {
    responses: define<StoredResponse>(fullName),
    varyNames: define<readonly string[]>(`${fullName}.vary`),
  };
  ofCache.set(fullName, definitions);
  return definitions;

  function define<Value>(definitionName: string): CacheDefinition<EntryParams, Value> {
    return cache.define<EntryParams, Value>(definitionName, {
      key: (params) => params.key,
      tags: (params) => params.tags,
      // A user belongs to a tenant or to none; the key knows.
      scope: scope === 'tenant' ? 'tenant' : 'global',
      // At most; each response is kept for its own time.
      memoryTtlMs: maxResponseTtlMs,
      remoteTtlMs: maxResponseTtlMs,
      load: notLoaded,
    });
  }
}

/** Responses are put there by those who made them. */
function notLoaded(): never {
  throw new Error('A response is looked up, never loaded.');
}
