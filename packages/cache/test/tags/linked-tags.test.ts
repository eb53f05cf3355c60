import { describe, expect, it } from '@jest/globals';
import { createCache } from '../../src/create-cache';
import { fakeFleet } from '../support/open-cache';

interface Contact {
  readonly id: number;
  readonly workspaceId: number;
}

function openContacts(cache: ReturnType<typeof createCache>) {
  return cache.define('contacts', {
    key: ({ workspaceId }: { workspaceId: number }) => [workspaceId],
    scope: 'global',
    tags: ({ workspaceId }) => [`contacts-of:${workspaceId}`],
    load: ({ workspaceId }) => ({ workspaceId }),
  });
}

describe('the graph of tags', () => {
  it("clears the lists of a contact's workspace, and no other's", async () => {
    const cache = createCache({ namespace: 't' });
    const lists = openContacts(cache);
    const [one, two] = [{ workspaceId: 1 }, { workspaceId: 2 }];
    await lists.getMany([one, two]);
    await cache.tags.link('contact:9', 'contacts-of:1');
    expect(await cache.invalidateTags(['contact:9'])).toEqual({
      acknowledged: true,
      tags: ['contact:9', 'contacts-of:1'],
    });
    expect(lists.peek(one)).toBeUndefined();
    expect(lists.peek(two)).toEqual(two);
    await lists.get(one);
    await cache.invalidateTags(['contacts-of:2']);
    expect(lists.peek(one)).toEqual(one);
  });

  it('follows links that another process has made, over several steps', async () => {
    const { clock, open } = fakeFleet();
    const [a, b] = [open(), open()];
    const lists = openContacts(a);
    await lists.get({ workspaceId: 1 });
    await a.tags.link('contact:9', 'workspace:1');
    await a.tags.link('workspace:1', 'contacts-of:1');
    expect((await b.invalidateTags(['contact:9'])).tags).toEqual([
      'contact:9',
      'workspace:1',
      'contacts-of:1',
    ]);
    await clock.advance(50);
    expect(lists.peek({ workspaceId: 1 })).toBeUndefined();
    await a.tags.unlink('workspace:1', 'contacts-of:1');
    expect((await a.invalidateTags(['contact:9'])).tags).toEqual(['contact:9', 'workspace:1']);
  });

  it('has rules for kinds of things', async () => {
    const cache = createCache({ namespace: 't' });
    const lists = openContacts(cache);
    await lists.getMany([{ workspaceId: 1 }, { workspaceId: 2 }]);
    const contactTags = cache.tags.rule('contact', ({ workspaceId }: Contact) => [
      `contacts-of:${workspaceId}`,
    ]);
    expect(contactTags({ id: 9, workspaceId: 1 })).toEqual(['contact:9', 'contacts-of:1']);
    await cache.write(() => undefined, { invalidates: contactTags({ id: 9, workspaceId: 1 }) });
    expect(lists.peek({ workspaceId: 1 })).toBeUndefined();
    expect(lists.peek({ workspaceId: 2 })).toEqual({ workspaceId: 2 });
    const byName = cache.tags.rule(
      'list',
      () => [],
      ({ name }: { name: string }) => name,
    );
    expect(byName({ name: 'hot' })).toEqual(['list:hot']);
  });

  it('refuses circles, and shows them', async () => {
    const cache = createCache({ namespace: 't' });
    await cache.tags.link('a', 'b');
    await cache.tags.link('b', 'c');
    const circle = cache.tags.link('c', 'a');
    await expect(circle).rejects.toMatchObject({
      code: 'UNITE_CACHE_TAG_CYCLE',
      message: 'a tag would follow from itself: c → a → b → c',
    });
    await expect(cache.tags.link('a', 'a')).rejects.toMatchObject({ code: 'UNITE_CACHE_TAG_CYCLE' });
    expect((await cache.invalidateTags(['c'])).tags).toEqual(['c']);
    const rule = cache.tags.rule('contact', () => ['x']);
    await cache.tags.link('x', 'contact:9');
    expect(() => rule({ id: 9 })).toThrow('contact:9 → x → contact:9');
    expect(rule({ id: 8 })).toEqual(['contact:8', 'x']);
  });

  it('refuses circles that another process would close', async () => {
    const { open, remote } = fakeFleet();
    const cache = open();
    await cache.ready();
    remote.circle = ['b', 'a'];
    await expect(cache.tags.link('a', 'b')).rejects.toThrow('a → b → a');
  });

  it('is bounded, and takes no tag that is none', async () => {
    const cache = createCache({ namespace: 't' });
    for (let at = 0; at < 3_000; at += 1) await cache.tags.link('one', `effect:${at}`);
    await cache.tags.link('one', 'effect:0');
    await expect(cache.tags.link('one', 'more')).rejects.toMatchObject({ code: 'UNITE_CACHE_TAG_FAN_OUT' });
    await expect(cache.tags.link('', 'x')).rejects.toMatchObject({ code: 'UNITE_CACHE_TAG_INVALID' });
    await expect(cache.tags.link('x', 5 as never)).rejects.toThrow(
      'a tag must be a string of 1 to 512 characters, got 5',
    );
  });

  it('follows its own links while the layer is away', async () => {
    const { clock, open, remote } = fakeFleet();
    const cache = open();
    await cache.ready();
    remote.isDown = true;
    await clock.advance(300);
    // Nobody else knows it, and whoever makes it is told.
    const linking = cache.tags.link('contact:9', 'contacts-of:1');
    await expect(linking).rejects.toMatchObject({ code: 'UNITE_CACHE_REMOTE_FAILED' });
    expect(await cache.invalidateTags(['contact:9'])).toEqual({
      acknowledged: false,
      tags: ['contact:9', 'contacts-of:1'],
    });
  });
});
