import { describe, expect, it } from '@jest/globals';
import { CacheError, createCache } from '../src/index';
import type { CacheOptions, DefinitionOptions } from '../src/types';

describe('createCache', () => {
  it.each<[object, string]>([
    [{}, 'option "namespace" must be a string of 1 to 64 letters, digits, ".", "_" and "-", got undefined'],
    [
      { namespace: 'a:b' },
      'option "namespace" must be a string of 1 to 64 letters, digits, ".", "_" and "-", got "a:b"',
    ],
    [
      { namespace: 'a', maxStalenessMs: 100 },
      'option "maxStalenessMs" must be a number of at least 500, got 100',
    ],
    [
      { namespace: 'a', maxStalenessMs: Number.NaN },
      'option "maxStalenessMs" must be a number of at least 500, got NaN',
    ],
    [
      { namespace: 'a', remote: {} },
      'option "remote" must be a remote layer, such as redisLayer(client), got an object',
    ],
    [
      { namespace: 'a', remote: null },
      'option "remote" must be a remote layer, such as redisLayer(client), got null',
    ],
    [
      { namespace: 'a', memory: { maxBytes: -1 } },
      'option "maxBytes" must be a whole number above 0, got -1',
    ],
    [{ namespace: 'a', ttl: 5 }, 'unknown option "ttl"'],
  ])('refuses %j', (options, message) => {
    expect(() => createCache(options as CacheOptions)).toThrow(message);
  });
});

describe('define', () => {
  const fine: DefinitionOptions<string, number> = { key: (id) => [id], scope: 'global', load: () => 1 };

  it.each<[object, string]>([
    [{ scope: undefined }, 'define("rows"): option "scope" must be "tenant" or "global", got undefined'],
    [{ scope: 'user' }, 'define("rows"): option "scope" must be "tenant" or "global", got "user"'],
    [{ memoryTtlMs: -1 }, 'define("rows"): option "memoryTtlMs" must be a positive number, got -1'],
    [{ remoteTtlMs: Number.NaN }, 'define("rows"): option "remoteTtlMs" must be a positive number, got NaN'],
    [{ load: 5 }, 'define("rows"): option "load" must be a function, got 5'],
    [
      { staleOnErrorMs: -5 },
      'define("rows"): option "staleOnErrorMs" must be a number of at least 0, got -5',
    ],
  ])('refuses %j', (wrong, message) => {
    const cache = createCache({ namespace: 'a' });
    expect(() => cache.define('rows', { ...fine, ...wrong } as typeof fine)).toThrow(message);
  });

  it('refuses a name that is none, and one that is taken', () => {
    const cache = createCache({ namespace: 'a' });
    expect(() => cache.define('a:b', fine)).toThrow('define: the name must be a string of 1 to 64 letters');
    cache.define('rows', fine);
    expect(() => cache.define('rows', fine)).toThrow(
      'a has a definition "rows" already: define it once, where its file may be loaded again by once() of @unite/core',
    );
  });
});

describe('work and values', () => {
  const cache = createCache({ namespace: 'a' });
  const rows = cache.define('rows', { key: (id: number) => [id], scope: 'global', load: () => 1 });
  const begun = Promise.resolve(1) as never;

  it.each<[string, () => Promise<unknown>, string]>([
    ['write', () => cache.write(begun, { invalidates: [] }), 'write: work must be a function, got a promise'],
    [
      'writeThrough',
      () => rows.writeThrough(1, begun),
      'rows.writeThrough: work must be a function, got a promise',
    ],
    ['set', () => rows.set(1, begun), 'rows.set: the value must be awaited first, got a promise'],
    ['getMany', () => rows.getMany(1 as never), 'rows.getMany: params must be a list, got 1'],
  ])('%s refuses what it cannot take', async (_name, call, message) => {
    await expect(call()).rejects.toThrow(message);
  });
});

describe('clearPattern', () => {
  it('refuses what is no pattern', async () => {
    const cache = createCache({ namespace: 'a' });
    await expect(cache.clearPattern('')).rejects.toThrow(
      'clearPattern: the pattern must be a non-empty string, got ""',
    );
    expect(await cache.clearPattern('rows:*')).toBe(0);
  });
});

describe('CacheError', () => {
  it('is one across copies of the package, and says nothing to clients about keys', () => {
    const error = new CacheError('UNITE_CACHE_LOAD_TIMEOUT', 'contacts: too slow', { cause: 'why' });
    expect(CacheError.isInstance(error)).toBe(true);
    expect(CacheError.isInstance(new Error('other'))).toBe(false);
    expect(CacheError.isInstance(null)).toBe(false);
    expect(error).toMatchObject({
      name: 'CacheError',
      cause: 'why',
      digest: 'unite;UNITE_CACHE_LOAD_TIMEOUT;504',
    });
    const problem = Symbol.for('unite.problem') as unknown as keyof CacheError;
    expect(error.status).toBe(504);
    expect(error[problem]).toEqual({ type: 'about:blank', status: 504, title: 'Gateway Timeout' });
    expect(new CacheError('UNITE_CACHE_CLOSED', 'closed')[problem]).toMatchObject({
      status: 503,
      headers: { 'Retry-After': '2' },
    });
    expect(new CacheError('UNITE_CACHE_TAG_CYCLE', 'a → a')[problem]).toMatchObject({ status: 500 });
  });
});
