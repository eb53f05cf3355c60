import { describe, expect, test } from '@jest/globals';
import { createCacheClient } from '../../src/react';
import { storeOf } from '../../src/react/create-cache-client';
import { fakeServer } from './support/fake-server';
import { manualClock, settle } from './support/manual-clock';
import { subscribe } from './support/subscribe';

const keep = { revalidate: false };

function setUp(maxEntries: number) {
  const client = createCacheClient({ clock: manualClock(), maxEntries });
  const keys = () =>
    storeOf(client)
      .select(() => true)
      .map(({ key }) => key)
      .sort();
  return { client, keys, server: fakeServer() };
}

describe('memory', () => {
  test('is bounded: the least recently used key goes first', async () => {
    const { client, keys } = setUp(2);
    await client.mutate('a', 1, keep);
    await client.mutate('b', 1, keep);
    client.get('a');
    await client.mutate('c', 1, keep);
    expect(keys()).toEqual(['a', 'c']);
    for (let index = 0; index < 100; index++) await client.mutate(['many', index], 1, keep);
    expect(keys()).toHaveLength(2);
  });

  test('keeps what is on the screen, and drops it once it is not', async () => {
    const { client, keys, server } = setUp(1);
    const mounted = ['a', 'b', 'c'].map((key) => subscribe(client, key, server.fetcher));
    await settle();
    for (const call of server.calls) await call.answer(1);
    await client.mutate('d', 1, keep);
    expect(keys()).toEqual(['a', 'b', 'c']);
    for (const { unmount } of mounted) unmount();
    await settle();
    expect(keys()).toEqual(['c']);
  });

  test('keeps a key whose mutation is under way', async () => {
    const { client, keys, server } = setUp(1);
    const { signal } = new AbortController();
    client.mutate('a', () => server.fetcher('a', { signal }), keep);
    await client.mutate('b', 1, keep);
    expect(keys()).toEqual(['a']);
    await server.call(0).answer('saved');
    await client.mutate('c', 1, keep);
    expect(keys()).toEqual(['c']);
  });

  test('holds nothing of keys about which nothing is known', async () => {
    const { client, keys } = setUp(10);
    expect(client.get('a')).toBeUndefined();
    await client.invalidate('a');
    await client.mutate('b', undefined);
    await client.mutate('c', 1, { nonsense: true } as object).catch(() => undefined);
    client.clear();
    expect(keys()).toEqual([]);
  });
});

describe('invalidate', () => {
  const all = ['a', ['a'], ['a', 1], ['a', 1, 'x'], ['a', '1'], ['b', 1], 'ab'];

  test.each([
    ['all', undefined, all],
    ['a text', 'a', ['a']],
    [
      'a list',
      ['a', 1],
      [
        ['a', 1],
        ['a', 1, 'x'],
      ],
    ],
    ['a shorter list', ['a'], [['a'], ['a', 1], ['a', 1, 'x'], ['a', '1']]],
    ['a function', (key: unknown) => key === 'ab', ['ab']],
  ])('%s', async (_, filter, expected) => {
    const { client, server } = setUp(100);
    for (const key of all) subscribe(client, key, server.fetcher);
    await settle();
    for (const call of server.calls) await call.answer(1);
    server.calls.length = 0;
    client.invalidate(filter);
    await settle();
    expect(server.calls.map(({ key }) => key)).toEqual(expected);
  });

  test('resolves when what is on the screen was fetched, and does not reject', async () => {
    const { client, server } = setUp(100);
    subscribe(client, 'a', server.fetcher, { retries: 0 });
    await settle();
    let through = false;
    client.invalidate().then(() => {
      through = true;
    });
    await settle();
    expect(through).toBe(false);
    await server.call(-1).fail(new Error('no'));
    expect(through).toBe(true);
  });

  test('refuses a malformed key', async () => {
    const { client } = setUp(1);
    await expect(client.invalidate(['a', undefined] as never)).rejects.toThrow('key[1]');
  });
});

test('clear forgets everything, and fetches what is on the screen', async () => {
  const { client, keys, server } = setUp(10);
  const { seen } = subscribe(client, 'a', server.fetcher);
  await settle();
  await server.call(0).answer('of the former user');
  await client.mutate('b', 'of the former user', keep);
  client.invalidate('a');
  await settle();
  client.clear();
  expect(seen.at(-1)).toMatchObject({ loaded: false, data: undefined, isValidating: true });
  expect(keys()).toEqual(['a']);
  await settle();
  await server.call(1).answer('of the former user');
  expect(client.get('a')).toBeUndefined();
  await server.call(2).answer('of the next');
  expect(client.get('a')).toBe('of the next');
});

const duration = 'must be a number, 0 or more';

test.each([
  [{ maxEntries: -1 }, 'createCacheClient: option "maxEntries" must be a number, 0 or more, got -1'],
  [{ focusThrottleMs: -1 }, `createCacheClient: option "focusThrottleMs" ${duration}, got -1`],
  [{ clock: 7 }, 'createCacheClient: option "clock" must be an object, got 7'],
  [{ random: 7 }, 'createCacheClient: option "random" must be a function, got 7'],
  [{ ttl: 7 }, 'createCacheClient: unknown option "ttl"'],
  [{ defaults: 7 }, 'createCacheClient: option "defaults" must be an object, got 7'],
  [{ defaults: { staleMs: Number.NaN } }, `createCacheClient: option "staleMs" ${duration}, got NaN`],
  [{ defaults: { refreshEveryMs: -5 } }, `option "refreshEveryMs" ${duration}, got -5`],
  [{ defaults: { retryDelayMs: '1s' } }, `option "retryDelayMs" ${duration}, got "1s"`],
  [{ defaults: { maxRetryDelayMs: null } }, `option "maxRetryDelayMs" ${duration}, got null`],
  [{ defaults: { retries: -1 } }, 'option "retries" must be a number, 0 or more, got -1'],
])('createCacheClient refuses %p', (options, message) => {
  expect(() => createCacheClient(options as object)).toThrow(message);
});
