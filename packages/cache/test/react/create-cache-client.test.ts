import { describe, expect, test } from '@jest/globals';
import { createCacheClient } from '../../src/react';
import { storeOf } from '../../src/react/create-cache-client';
import { fakeServer } from './support/fake-server';
import { manualClock, settle } from './support/manual-clock';
import { snapshotOf, subscribe } from './support/subscribe';

function setUp(options = {}) {
  const clock = manualClock();
  const server = fakeServer();
  return { clock, server, client: createCacheClient({ clock, random: () => 0, ...options }) };
}

describe('requests', () => {
  test('ten components with one key send one request', async () => {
    const { client, server } = setUp();
    const mounted = Array.from({ length: 10 }, () => subscribe(client, ['a', 1], server.fetcher));
    await settle();
    expect(server.calls.map(({ key }) => key)).toEqual([['a', 1]]);
    await server.call(0).answer('one');
    expect(client.get(['a', 1])).toBe('one');
    expect(mounted.map(({ seen }) => seen.at(-1)?.data)).toEqual(Array(10).fill('one'));
  });

  test('a component that mounts later fetches only what is stale', async () => {
    const { client, server, clock } = setUp();
    subscribe(client, 'a', server.fetcher);
    await settle();
    await server.call(0).answer('one');
    await clock.advance(1_999);
    subscribe(client, 'a', server.fetcher);
    await settle();
    expect(server.calls).toHaveLength(1);
    await clock.advance(1);
    subscribe(client, 'a', server.fetcher);
    await settle();
    expect(server.calls).toHaveLength(2);
    expect(snapshotOf(client, 'a')).toMatchObject({ data: 'one', isValidating: true });
  });

  test('a clock that was set back makes values old, not new for hours', async () => {
    const { client, server, clock } = setUp();
    subscribe(client, 'a', server.fetcher);
    await settle();
    await server.call(0).answer('one');
    clock.set(0);
    subscribe(client, 'a', server.fetcher);
    await settle();
    expect(server.calls).toHaveLength(2);
  });

  test('the last one to leave aborts the request, and its answer is not kept', async () => {
    const { client, server } = setUp();
    const [one, other] = [subscribe(client, 'a', server.fetcher), subscribe(client, 'a', server.fetcher)];
    await settle();
    one.unmount();
    await settle();
    expect(server.call(0).signal.aborted).toBe(false);
    other.unmount();
    await settle();
    expect(server.call(0).signal.aborted).toBe(true);
    await server.call(0).answer('late');
    expect(client.get('a')).toBeUndefined();
    expect(storeOf(client).select(() => true)).toEqual([]);
  });

  test('who leaves and returns in one task keeps the request', async () => {
    const { client, server } = setUp();
    const { unmount } = subscribe(client, 'a', server.fetcher);
    await settle();
    unmount();
    subscribe(client, 'a', server.fetcher);
    await settle();
    expect(server.call(0).signal.aborted).toBe(false);
    await server.call(0).answer('one');
    expect(server.calls).toHaveLength(1);
    expect(client.get('a')).toBe('one');
  });

  test('a value may be undefined', async () => {
    const { client, server } = setUp();
    subscribe(client, 'a', server.fetcher);
    await settle();
    await server.call(0).answer(undefined);
    expect(snapshotOf(client, 'a')).toMatchObject({ loaded: true, data: undefined, isValidating: false });
  });

  test('a fetcher that throws at once has failed, like one that rejects', async () => {
    const { client } = setUp();
    const fetcher = () => {
      throw new Error('at once');
    };
    subscribe(client, 'a', fetcher, { retries: 0 });
    await settle();
    expect(snapshotOf(client, 'a').error).toEqual(new Error('at once'));
  });

  test('a fetcher may change its own key: what it returns is then older', async () => {
    const { client } = setUp();
    const fetcher = () => {
      client.mutate('a', 'mutated', { revalidate: false });
      return 'fetched';
    };
    subscribe(client, 'a', fetcher);
    await settle();
    expect(client.get('a')).toBe('mutated');
  });
});

describe('failures', () => {
  test('are retried with growing waits, and keep the old value', async () => {
    const { client, server, clock } = setUp();
    subscribe(client, 'a', server.fetcher);
    await settle();
    await server.call(0).answer('old');
    client.invalidate('a');
    await settle();
    for (const [index, waitMs] of [500, 1_000, 2_000].entries()) {
      await server.call(-1).fail(new Error(`failure ${index + 1}`));
      expect(snapshotOf(client, 'a')).toMatchObject({
        data: 'old',
        error: new Error(`failure ${index + 1}`),
        isValidating: true,
        isStale: true,
      });
      expect(clock.sleeping()).toEqual([waitMs]);
      await clock.advance(waitMs);
    }
    await server.call(-1).fail(new Error('the last'));
    expect(clock.sleeping()).toEqual([]);
    expect(snapshotOf(client, 'a')).toMatchObject({ data: 'old', isValidating: false });
    client.invalidate('a');
    await settle();
    await server.call(-1).answer('new');
    expect(snapshotOf(client, 'a')).toMatchObject({ data: 'new', error: undefined, isStale: false });
  });

  test('shouldRetry decides', async () => {
    const { client, server, clock } = setUp();
    const seen: unknown[] = [];
    subscribe(client, 'a', server.fetcher, {
      shouldRetry: (error, failures) => {
        seen.push([error, failures]);
        return failures < 2;
      },
    });
    await settle();
    await server.call(-1).fail('one');
    await clock.advance(500);
    await server.call(-1).fail('two');
    expect(seen).toEqual([
      ['one', 1],
      ['two', 2],
    ]);
    expect(clock.sleeping()).toEqual([]);
    expect(snapshotOf(client, 'a')).toMatchObject({ error: 'two', isValidating: false });
  });

  test('a shouldRetry that throws ends it with that error', async () => {
    const { client, server } = setUp();
    const shouldRetry = () => {
      throw new Error('of shouldRetry');
    };
    subscribe(client, 'a', server.fetcher, { shouldRetry });
    await settle();
    await server.call(0).fail('one');
    expect(snapshotOf(client, 'a')).toMatchObject({
      error: new Error('of shouldRetry'),
      isValidating: false,
    });
  });

  test('whoever wants the value now ends the wait', async () => {
    const { client, server, clock } = setUp();
    subscribe(client, 'a', server.fetcher);
    await settle();
    await server.call(0).fail('one');
    subscribe(client, 'a', server.fetcher);
    await settle();
    expect(server.calls).toHaveLength(2);
    expect(clock.sleeping()).toEqual([]);
  });

  test('nobody waits for the retry of a key that nobody shows', async () => {
    const { client, server, clock } = setUp();
    const { unmount } = subscribe(client, 'a', server.fetcher);
    await settle();
    await server.call(0).fail('one');
    unmount();
    await clock.advance(10_000);
    expect(server.calls).toHaveLength(1);
    expect(clock.sleeping()).toEqual([]);
  });

  test('a fetcher that fails once it is aborted is not heard', async () => {
    const { client, server } = setUp();
    subscribe(client, 'a', server.fetcher);
    await settle();
    client.invalidate('a');
    await server.call(0).fail(new Error('aborted'));
    expect(snapshotOf(client, 'a')).toMatchObject({ error: undefined, isValidating: true });
  });
});

describe('older answers', () => {
  test('an answer to a request from before an invalidation is dropped', async () => {
    const { client, server } = setUp();
    subscribe(client, 'a', server.fetcher);
    await settle();
    const through = client.invalidate('a');
    await settle();
    expect(server.call(0).signal.aborted).toBe(true);
    await server.call(1).answer('new');
    await server.call(0).answer('old');
    expect(client.get('a')).toBe('new');
    await through;
  });

  test('an answer to a request from before a mutation is dropped, even once the mutation is through', async () => {
    const { client, server } = setUp();
    subscribe(client, 'a', server.fetcher);
    await settle();
    await client.mutate('a', 'mutated', { revalidate: false });
    await server.call(0).answer('old');
    expect(client.get('a')).toBe('mutated');
    expect(server.calls).toHaveLength(1);
  });

  test.each(['answer', 'fail'] as const)(
    'an answer to a request from the time of a mutation is dropped once that is through (%s)',
    async (ending) => {
      const { client, server, clock } = setUp();
      const options = { refreshEveryMs: 1_000 };
      subscribe(client, 'a', server.fetcher, options);
      await settle();
      await server.call(0).answer('first');
      const save = fakeServer();
      const saved = client.mutate('a', () => save.fetcher('save', { signal: server.call(0).signal }), {
        revalidate: false,
      });
      saved.catch(() => undefined);
      await clock.advance(1_000);
      expect(server.call(1).signal.aborted).toBe(false);
      await save.call(0)[ending]('saved');
      expect(server.call(1).signal.aborted).toBe(true);
      await server.call(1).answer('read before the save');
      expect(client.get('a')).toBe(ending === 'answer' ? 'saved' : 'first');
    },
  );

  test('regression: mutating an unmounted key marks it stale, so that the next mount fetches it', async () => {
    const { client, server } = setUp();
    const { unmount } = subscribe(client, 'a', server.fetcher, { staleMs: Number.POSITIVE_INFINITY });
    await settle();
    await server.call(0).answer('one');
    unmount();
    await settle();
    await client.mutate('a', 'mutated');
    expect(server.calls).toHaveLength(1);
    subscribe(client, 'a', server.fetcher, { staleMs: Number.POSITIVE_INFINITY });
    await settle();
    expect(snapshotOf(client, 'a')).toMatchObject({ data: 'mutated', isStale: true, isValidating: true });
    expect(server.calls).toHaveLength(2);
  });

  test('a mutation of an unmounted key without revalidation is taken as the truth', async () => {
    const { client, server } = setUp();
    await client.mutate('a', 'mutated', { revalidate: false });
    subscribe(client, 'a', server.fetcher);
    await settle();
    expect(server.calls).toHaveLength(0);
  });
});
