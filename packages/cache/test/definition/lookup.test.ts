import { describe, expect, it } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import { createCache } from '../../src/create-cache';
import type { Cache } from '../../src/types';
import { fakeFleet } from '../support/open-cache';

function definePages(cache: Cache) {
  return cache.define<string, string>('pages', {
    key: (path) => [path],
    scope: 'global',
    tags: (path) => [`path:${path}`],
    load: () => 'by the loader',
  });
}

async function miss(pages: ReturnType<typeof definePages>, path: string) {
  const found = await pages.lookup(path);
  if (found.hit) throw new Error('expected a miss');
  return found;
}

describe('lookup', () => {
  it('gives on a miss the means to keep what is made then', async () => {
    const { open } = fakeFleet();
    const [a, b] = [definePages(open()), definePages(open())];
    expect(await (await miss(a, '/')).put('page', { tags: ['user:1'] })).toBe(true);
    expect(await a.lookup('/')).toMatchObject({
      hit: true,
      receipt: { value: 'page', layer: 'memory', tags: ['path:/', 'user:1'] },
    });
    expect(await b.lookup('/')).toMatchObject({
      hit: true,
      receipt: { value: 'page', layer: 'remote', tags: ['path:/', 'user:1'] },
    });
  });

  it('follows the tags that only the value tells', async () => {
    const { clock, open } = fakeFleet();
    const caches = [open(), open(), open()] as const;
    const [a, b, c] = caches.map(definePages);
    await (await miss(a as never, '/')).put('page', { tags: ['user:1'] });
    await b?.lookup('/');
    await caches[0].invalidateTags(['user:1']);
    expect(await a?.lookup('/')).toMatchObject({ hit: false });
    expect(await c?.lookup('/')).toMatchObject({ hit: false });
    await clock.advance(50);
    expect(await b?.lookup('/')).toMatchObject({ hit: false });
  });

  it('does not keep what was invalidated since the miss', async () => {
    const { open, remote } = fakeFleet();
    const [cache, other] = [open(), open()];
    const pages = definePages(cache);
    const found = [await miss(pages, '/'), await miss(pages, '/2'), await miss(pages, '/3')] as const;
    await other.invalidateTags(['path:/']);
    await other.invalidateTags(['user:1']);
    expect(await found[0].put('old')).toBe(false);
    expect(await found[1].put('old', { tags: ['user:1'] })).toBe(false);
    expect(await found[2].put('fine', { ttlMs: 1_000 })).toBe(true);
    await settle();
    expect(remote.entries.size).toBe(1);
  });

  it('keeps for this process alone while the layer is away, and nothing across its return', async () => {
    const { clock, open, remote } = fakeFleet();
    const pages = definePages(open());
    await miss(pages, '/');
    remote.isDown = true;
    await clock.advance(300);
    const found = await miss(pages, '/');
    expect(await found.put('page')).toBe(true);
    expect(await pages.lookup('/')).toMatchObject({ hit: true });
    const late = await miss(pages, '/2');
    await clock.advance(10_000);
    remote.isDown = false;
    await clock.advance(1_000);
    expect(await late.put('page')).toBe(false);
    expect(remote.entries.size).toBe(0);
    const answered = await miss(pages, '/3');
    remote.isDown = true;
    expect(await answered.put('page')).toBe(false);
  });

  it('keeps nothing that this process invalidated since the miss, also while the layer is away', async () => {
    const { clock, open, remote } = fakeFleet();
    const pages = definePages(open());
    await miss(pages, '/');
    remote.isDown = true;
    await clock.advance(300);
    const found = await miss(pages, '/');
    await pages.delete('/');
    expect(await found.put('old')).toBe(false);
    expect(pages.peek('/')).toBeUndefined();
  });

  it('passes by what is stored where that is wanted, and replaces it', async () => {
    const { open } = fakeFleet();
    const pages = definePages(open());
    await (await miss(pages, '/')).put('one');
    const found = await pages.lookup('/', { fresh: true });
    expect(found.hit).toBe(false);
    expect(await pages.lookup('/')).toMatchObject({ receipt: { value: 'one' } });
    if (!found.hit) await found.put('two');
    expect(await pages.lookup('/')).toMatchObject({ receipt: { value: 'two' } });
  });

  it('hangs on tags that only the reader knows', async () => {
    const { clock, open, remote } = fakeFleet();
    const [a, b] = [open(), open()];
    const [pagesA, pagesB] = [definePages(a), definePages(b)];
    await (await miss(pagesA, '/')).put('one');
    expect(await pagesA.lookup('/', { tags: ['layout'] })).toMatchObject({ hit: true });
    expect(await pagesB.lookup('/', { tags: ['layout'] })).toMatchObject({ hit: true });
    const asked = remote.count('sync');
    expect(await pagesA.lookup('/', { tags: ['layout'] })).toMatchObject({ hit: true });
    expect(remote.count('sync')).toBe(asked);
    const many = Array.from({ length: 250 }, (_, at) => `many:${at}`);
    for (const tag of many) expect(await pagesA.lookup('/', { tags: [tag] })).toMatchObject({ hit: true });
    await a.invalidateTags(['many:249', 'many:0']);
    expect(await pagesA.lookup('/', { tags: ['many:249'] })).toMatchObject({ hit: false });
    await a.invalidateTags(['layout']);
    expect(await pagesA.lookup('/', { tags: ['layout'] })).toMatchObject({ hit: false });
    await clock.advance(50);
    expect(await pagesB.lookup('/', { tags: ['layout'] })).toMatchObject({ hit: false });
    expect(await pagesA.lookup('/', { tags: ['other'] })).toMatchObject({ hit: true });
    remote.isDown = true;
    await clock.advance(300);
    // What was asked for before is known within the bound; of the rest nobody can say.
    expect(await pagesA.lookup('/', { tags: ['other'] })).toMatchObject({ hit: true });
    expect(await pagesA.lookup('/', { tags: ['unheard'] })).toMatchObject({ hit: false });
    await expect(pagesA.lookup('/', { tags: [''] })).rejects.toMatchObject({
      code: 'UNITE_CACHE_TAG_INVALID',
    });
  });

  it('works in memory alone', async () => {
    const cache = createCache({ namespace: 't' });
    const pages = definePages(cache);
    const found = await miss(pages, '/');
    const early = await miss(pages, '/2');
    expect(await found.put('page', { tags: ['user:1'] })).toBe(true);
    await cache.invalidateTags(['user:1']);
    expect(await pages.lookup('/')).toMatchObject({ hit: false });
    await cache.invalidateTags(['path:/2']);
    expect(await early.put('old')).toBe(false);
    expect(pages.stats()).toMatchObject({ misses: 3, loads: 0 });
  });
});
