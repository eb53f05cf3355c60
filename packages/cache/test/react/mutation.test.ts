import { describe, expect, test } from '@jest/globals';
import { createCacheClient } from '../../src/react';
import { fakeServer } from './support/fake-server';
import { manualClock, settle } from './support/manual-clock';
import { snapshotOf, subscribe } from './support/subscribe';

/** A list on the screen, and saves whose answers a test gives. */
async function shownList(first: unknown = ['base']) {
  const client = createCacheClient({ clock: manualClock(), random: () => 0 });
  const server = fakeServer();
  const saves = fakeServer();
  const { seen, unmount } = subscribe(client, 'list', server.fetcher, { retries: 0 });
  await settle();
  await server.call(0).answer(first);
  return {
    client,
    server,
    saves,
    seen,
    unmount,
    shown: () => client.get('list'),
    save: () => saves.fetcher('save', { signal: new AbortController().signal }) as Promise<never>,
  };
}

const add = (item: string) => (list: unknown) => [...((list as string[] | undefined) ?? []), item];

describe('a mutation', () => {
  test('shows its value before the call returns, and fetches the truth', async () => {
    const { client, server, shown } = await shownList();
    const through = client.mutate('list', ['new']);
    expect(shown()).toEqual(['new']);
    expect(await through).toEqual(['new']);
    await settle();
    expect(server.calls).toHaveLength(2);
    await server.call(1).answer(['truth']);
    expect(shown()).toEqual(['truth']);
  });

  test('gives a function the value that is shown', async () => {
    const { client, shown } = await shownList();
    await client.mutate('list', add('a'), { revalidate: false });
    expect(shown()).toEqual(['base', 'a']);
    await client.mutate('list', async (list) => add('b')(list), { revalidate: false });
    expect(shown()).toEqual(['base', 'a', 'b']);
  });

  test('shows what it hopes for until it is through', async () => {
    const { client, saves, save, shown } = await shownList();
    const through = client.mutate('list', save, { optimistic: add('a') });
    expect(snapshotOf(client, 'list')).toMatchObject({ data: ['base', 'a'], isValidating: true });
    await saves.call(0).answer(['saved']);
    expect(shown()).toEqual(['saved']);
    expect(await through).toEqual(['saved']);
  });

  test('whose result is nothing keeps what it hoped for until the truth is fetched', async () => {
    const { client, server, saves, save, shown } = await shownList();
    client.mutate('list', save, { optimistic: add('a') });
    await saves.call(0).answer(undefined);
    expect(shown()).toEqual(['base', 'a']);
    await server.call(1).answer(['truth']);
    expect(shown()).toEqual(['truth']);
  });

  test('that fails is taken back, and rejects', async () => {
    const { client, server, saves, save, shown } = await shownList();
    const before = shown();
    const through = client.mutate('list', save, { optimistic: ['guess'], revalidate: false });
    expect(shown()).toEqual(['guess']);
    saves.call(0).fail(new Error('no'));
    await expect(through).rejects.toThrow('no');
    expect(shown()).toBe(before);
    expect(snapshotOf(client, 'list')).toMatchObject({
      error: undefined,
      isValidating: false,
      isStale: false,
    });
    expect(server.calls).toHaveLength(1);
  });

  test('that fails may keep what it hoped for', async () => {
    const { client, saves, save, shown } = await shownList();
    const through = client.mutate('list', save, { optimistic: ['guess'], rollbackOnError: false });
    saves.call(0).fail(new Error('no'));
    await expect(through).rejects.toThrow('no');
    expect(shown()).toEqual(['guess']);
  });

  test('of a key without a value is taken back to no value', async () => {
    const { client, saves, save } = await shownList();
    const through = client.mutate('other', save, { optimistic: 'guess' });
    expect(client.get('other')).toBe('guess');
    saves.call(0).fail(new Error('no'));
    await expect(through).rejects.toThrow('no');
    expect(snapshotOf(client, 'other').loaded).toBe(false);
  });

  test('whose functions throw changes nothing', async () => {
    const { client, shown } = await shownList();
    const before = shown();
    const broken = () => {
      throw new Error('broken');
    };
    await expect(client.mutate('list', 'x', { optimistic: broken })).rejects.toThrow('broken');
    await expect(client.mutate('list', broken)).rejects.toThrow('broken');
    await expect(client.mutate('other', 'x', { optimistic: broken })).rejects.toThrow('broken');
    expect(shown()).toBe(before);
    expect(client.get('other')).toBeUndefined();
  });

  test('fetches what it has stopped from being fetched, even without revalidation', async () => {
    const { client, server, saves, save } = await shownList();
    subscribe(client, 'other', server.fetcher);
    await settle();
    client.mutate('other', save, { optimistic: add('a'), revalidate: false });
    await saves.call(0).answer(undefined);
    await server.call(1).answer(['before']);
    expect(client.get('other')).toEqual(['a']);
    await server.call(2).answer(['truth']);
    expect(client.get('other')).toEqual(['truth']);
  });

  test('that ends after clear leaves nothing of a former user', async () => {
    const { client, server, saves, save, shown } = await shownList();
    const saved = client.mutate('list', save, { optimistic: add('a') });
    client.clear();
    expect(shown()).toBeUndefined();
    await saves.call(0).answer(['of the former user']);
    expect(await saved).toBeUndefined();
    expect(shown()).toBeUndefined();
    await server.call(-1).answer(['of the next']);
    expect(shown()).toEqual(['of the next']);
  });

  test.each([
    [{ revalidate: 1 }, 'mutate: option "revalidate" must be true or false, got 1'],
    [{ rollbackOnError: 'no' }, 'mutate: option "rollbackOnError" must be true or false, got "no"'],
    [{ optimisticData: 1 }, 'mutate: unknown option "optimisticData"'],
  ])('refuses %p', async (options, message) => {
    const { client } = await shownList();
    await expect(client.mutate('list', 'x', options as object)).rejects.toThrow(message);
  });
});

describe('several mutations at once', () => {
  test.each([
    ['the first', 0, ['base', 'b']],
    ['the second', 1, ['base', 'a']],
  ])('are rolled back independently: %s', async (_, index, left) => {
    const { client, saves, save, shown } = await shownList();
    const throughs = [
      client.mutate('list', save, { optimistic: add('a'), revalidate: false }),
      client.mutate('list', save, { optimistic: add('b'), revalidate: false }),
    ];
    expect(shown()).toEqual(['base', 'a', 'b']);
    saves.call(index).fail(new Error('no'));
    await expect(throughs[index]).rejects.toThrow('no');
    expect(shown()).toEqual(left);
    saves.call(1 - index).fail(new Error('no'));
    await expect(throughs[1 - index]).rejects.toThrow('no');
    expect(shown()).toEqual(['base']);
  });

  test('a synchronous one is applied again when the one before it is rolled back', async () => {
    const { client, saves, save, shown } = await shownList();
    const through = client.mutate('list', save, { optimistic: add('a'), revalidate: false });
    client.mutate('list', add('b'), { revalidate: false });
    expect(shown()).toEqual(['base', 'a', 'b']);
    saves.call(0).fail(new Error('no'));
    await expect(through).rejects.toThrow('no');
    expect(shown()).toEqual(['base', 'b']);
  });

  test('the result of an older one does not replace that of a newer one', async () => {
    const { client, server, saves, save, shown } = await shownList();
    client.mutate('list', save, { revalidate: false });
    client.mutate('list', save, { revalidate: false });
    await saves.call(1).answer(['newer']);
    await saves.call(0).answer(['older']);
    expect(shown()).toEqual(['newer']);
    // Which of them came last on the server is known there alone.
    expect(server.calls).toHaveLength(2);
  });

  test('a fetched value goes below those that are pending', async () => {
    const { client, server, saves, save, shown } = await shownList();
    client.mutate('list', save, { optimistic: add('a') });
    client.invalidate('list');
    await settle();
    await server.call(-1).answer(['fetched']);
    expect(shown()).toEqual(['fetched', 'a']);
    await saves.call(0).answer(['saved']);
    expect(shown()).toEqual(['saved']);
  });

  test('a hope that cannot be applied to a new value is given up', async () => {
    const { client, server, save, shown } = await shownList();
    client.mutate('list', save, { optimistic: (list: unknown) => (list as string[]).concat('a') });
    client.invalidate('list');
    await settle();
    await server.call(-1).answer(null);
    expect(shown()).toBeNull();
  });
});
