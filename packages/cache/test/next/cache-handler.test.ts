import { beforeEach, describe, expect, test } from '@jest/globals';
import type { CacheHandler } from 'next/dist/server/lib/cache-handlers/types';
import { createCache } from '../../src/create-cache';
import { createCacheHandler, type UseCacheEntry, type UseCacheHandler } from '../../src/next';
import { EntryFences } from '../../src/next/entry-fences';
import type { Cache } from '../../src/types';

const now = () => performance.timeOrigin + performance.now();
const bytesOf = (text: string) => new TextEncoder().encode(text);

function entry(text: string | ReadableStream<Uint8Array>, more: Partial<UseCacheEntry> = {}): UseCacheEntry {
  const value = typeof text === 'string' ? (new Blob([text]).stream() as ReadableStream<Uint8Array>) : text;
  return { value, tags: ['t'], stale: 1, timestamp: now(), expire: 60, revalidate: 30, ...more };
}

let cache: Cache;
let handler: UseCacheHandler;
beforeEach(() => {
  cache = createCache({ namespace: 'test' });
  handler = createCacheHandler(cache);
});

const textOf = async (key = 'k', softTags: string[] = []) => {
  const found = await handler.get(key, softTags);
  return found && (await new Response(found.value).text());
};
/** As Next.js does it: a miss, then what is made. */
const make = async (key: string, text: string, more: Partial<UseCacheEntry> = {}) => {
  await handler.get(key, []);
  await handler.set(key, Promise.resolve(entry(text, more)));
};

describe('the handler', () => {
  test("fits Next's interface", () => {
    const fits: CacheHandler = handler;
    expect(fits).toBe(handler);
  });

  test('gives back what was set, with a stream of its own for each', async () => {
    const timestamp = now() + 1_000;
    await make('k', 'hello', { timestamp });
    const [one, two] = [await handler.get('k', []), await handler.get('k', [])];
    expect(one).toMatchObject({ tags: ['t'], stale: 1, timestamp, expire: 60, revalidate: 30 });
    for (const found of [one, two]) expect(await new Response(found?.value).text()).toBe('hello');
    expect(await handler.get('other', [])).toBeUndefined();
  });

  test('invalidates by tags, in both directions', async () => {
    await make('k', 'hello');
    await handler.updateTags(['t']);
    expect(await textOf()).toBeUndefined();
    await make('k', 'again');
    await cache.invalidateTags(['t']);
    expect(await textOf()).toBeUndefined();
    await make('k', 'and again');
    await handler.updateTags(['other'], { expire: 1 });
    expect(await textOf()).toBe('and again');
  });

  test('compares the tags of the path that reads', async () => {
    expect(await handler.getExpiration(['_N_T_/a'])).toBe(Infinity);
    await handler.refreshTags();
    await make('k', 'hello');
    expect(await textOf('k', ['_N_T_/a'])).toBe('hello');
    await handler.updateTags(['_N_T_/a']);
    expect(await textOf('k', ['_N_T_/a'])).toBeUndefined();
  });

  test('does not keep what was invalidated while it was made', async () => {
    await handler.get('k', []);
    const made = entry('old');
    await handler.updateTags(['t']);
    await handler.set('k', Promise.resolve(made));
    expect(await textOf()).toBeUndefined();
  });

  test('does not keep what was made before the miss, or without one', async () => {
    await handler.set('k', Promise.resolve(entry('without')));
    expect(await textOf()).toBeUndefined();
    await handler.set('k', Promise.resolve(entry('before', { timestamp: now() - 1_000 })));
    expect(await textOf()).toBeUndefined();
  });

  test('keeps what is made in the background for an entry that is due', async () => {
    await make('k', 'old', { revalidate: -1 });
    expect(await textOf()).toBe('old');
    await handler.set('k', Promise.resolve(entry('new')));
    expect(await textOf()).toBe('new');
  });

  test('waits for an entry that is being written', async () => {
    await handler.get('k', []);
    let write: (entry: UseCacheEntry) => void = () => undefined;
    const set = handler.set(
      'k',
      new Promise((resolve) => {
        write = resolve;
      }),
    );
    const found = textOf();
    write(entry('hello'));
    expect(await found).toBe('hello');
    await set;
  });

  test('a later write does not end the wait for an earlier one too soon', async () => {
    const writes: ((entry: UseCacheEntry) => void)[] = [];
    const set = () => handler.set('k', new Promise((resolve) => writes.push(resolve)));
    await handler.get('k', []);
    const [first, second] = [set(), set()];
    writes[0]?.(entry('made before the miss', { timestamp: now() - 1_000 }));
    await first;
    const found = textOf();
    writes[1]?.(entry('second'));
    await second;
    expect(await found).toBe('second');
  });

  test.each<[string, () => Promise<UseCacheEntry>]>([
    [
      'a broken stream',
      async () => entry(new ReadableStream({ start: (writer) => writer.error(new Error('no')) })),
    ],
    ['an entry that failed', () => Promise.reject(new Error('no'))],
    ['what is made for each request', async () => entry('a', { expire: 0 })],
    [
      'too many tags',
      async () => entry('a', { tags: Array.from({ length: 101 }, (_, index) => `t${index}`) }),
    ],
  ])('does not keep %s', async (_name, make) => {
    await handler.get('k', []);
    await handler.set('k', make());
    expect(await textOf()).toBeUndefined();
  });

  test('does not keep what is too large, and reads no more of it', async () => {
    handler = createCacheHandler(cache, { name: 'small', maxEntryBytes: 4 });
    let isCancelled = false;
    const value = new ReadableStream<Uint8Array>({
      pull: (writer) => writer.enqueue(bytesOf('123')),
      cancel: () => {
        isCancelled = true;
      },
    });
    await handler.get('k', []);
    await handler.set('k', Promise.resolve(entry(value)));
    expect([await textOf(), isCancelled]).toEqual([undefined, true]);
    await make('k', '1234');
    expect(await textOf()).toBe('1234');
  });

  test('a cache that fails is a cache without entries', async () => {
    await make('k', 'hello');
    await expect(handler.get('k', [''])).resolves.toBeUndefined();
  });

  test('keys do not show the arguments', async () => {
    await make('["id",["secret"]]', 'hello');
    const names: string[] = [];
    handler = createCacheHandler({
      ...cache,
      invalidateTags: cache.invalidateTags,
      define: (name, options) => {
        names.push(...options.key('["id",["secret"]]' as never).map(String));
        expect(options.load).toThrow('looked up, never loaded');
        return cache.define(`${name}-again`, options);
      },
    });
    expect(names).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
  });

  test.each<[object, string]>([
    [{ maxTtlMs: 0 }, 'option "maxTtlMs" must be a positive number, got 0'],
    [{ maxEntryBytes: '1' }, 'option "maxEntryBytes" must be a positive number, got "1"'],
    [{ name: 1 }, 'option "name" must be a non-empty string, got 1'],
    [{ ttl: 1 }, 'unknown option "ttl"'],
  ])('refuses %p', (options, message) => {
    expect(() => createCacheHandler(cache, options)).toThrow(`createCacheHandler: ${message}`);
  });

  test('refuses what is no cache', () => {
    expect(() => createCacheHandler({} as Cache)).toThrow(
      'option "cache" must be a cache of `createCache`, got an object',
    );
  });
});

test('fences are given out once, and of very many the oldest are forgotten', () => {
  const fences = new EntryFences<string>();
  const put = async () => true;
  for (let key = 0; key < 1_001; key += 1) fences.note(`${key}`, put);
  expect(fences.take('0', now())).toBeUndefined();
  expect(fences.take('1', now())).toBe(put);
  expect(fences.take('1', now())).toBeUndefined();
});
