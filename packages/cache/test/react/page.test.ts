/** @jest-environment jsdom */
import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createCacheClient } from '../../src/react';
import { fakeServer } from './support/fake-server';
import { manualClock, settle } from './support/manual-clock';
import { setVisible } from './support/page';
import { subscribe } from './support/subscribe';

beforeEach(() => setVisible(true));

/** A key on the screen, whose every request is answered by its number. */
async function shownKey(options = {}, clientOptions = {}) {
  const clock = manualClock();
  const client = createCacheClient({ clock, random: () => 0, ...clientOptions });
  let requests = 0;
  const fetcher = () => ++requests;
  const { unmount } = subscribe(client, 'a', fetcher, options);
  await settle();
  return { clock, client, fetcher, unmount, requests: () => requests };
}

async function happens(event: 'focus' | 'online'): Promise<void> {
  window.dispatchEvent(new Event(event));
  await settle();
}

describe('focus', () => {
  test('fetches what is stale, at most once in a while', async () => {
    const { clock, requests } = await shownKey();
    await clock.advance(1_999);
    await happens('focus');
    expect(requests()).toBe(1);
    await clock.advance(5_000);
    await happens('focus');
    expect(requests()).toBe(2);
    await clock.advance(4_999);
    await happens('focus');
    expect(requests()).toBe(2);
    await clock.advance(1);
    setVisible(false);
    await settle();
    expect(requests()).toBe(2);
    setVisible(true);
    await settle();
    expect(requests()).toBe(3);
  });

  test('does nothing for those who do not want it, and for those who left', async () => {
    const { clock, requests } = await shownKey({ revalidateOnFocus: false });
    const other = await shownKey();
    other.unmount();
    await clock.advance(10_000);
    await other.clock.advance(10_000);
    await happens('focus');
    await happens('online');
    expect([requests(), other.requests()]).toEqual([2, 1]);
  });
});

test('reconnecting fetches what is stale, for those who want it', async () => {
  const { clock, requests } = await shownKey();
  const other = await shownKey({ revalidateOnReconnect: false });
  await happens('online');
  expect(requests()).toBe(1);
  await clock.advance(2_000);
  await other.clock.advance(2_000);
  await happens('online');
  expect([requests(), other.requests()]).toEqual([2, 1]);
});

test('reconnecting ends the wait for a retry', async () => {
  const clock = manualClock();
  const server = fakeServer();
  subscribe(createCacheClient({ clock, random: () => 0 }), 'a', server.fetcher);
  await settle();
  await server.call(0).fail(new Error('offline'));
  await happens('online');
  expect(server.calls).toHaveLength(2);
  expect(clock.sleeping()).toEqual([]);
});

test('listens to the page only while a component is mounted', async () => {
  const listening = new Map<string, number>();
  const count = (by: number) => (event: string) =>
    void listening.set(event, (listening.get(event) ?? 0) + by);
  jest.spyOn(window, 'addEventListener').mockImplementation(count(1));
  jest.spyOn(window, 'removeEventListener').mockImplementation(count(-1));
  const { client, fetcher, unmount } = await shownKey();
  const other = subscribe(client, 'b', fetcher);
  unmount();
  expect(Object.fromEntries(listening)).toEqual({ visibilitychange: 1, focus: 1, online: 1 });
  other.unmount();
  expect(Object.fromEntries(listening)).toEqual({ visibilitychange: 0, focus: 0, online: 0 });
  jest.restoreAllMocks();
});

describe('the interval', () => {
  test('counts from the last answer; the shortest of all components holds', async () => {
    const { clock, client, fetcher, requests } = await shownKey({ refreshEveryMs: 10_000 });
    await clock.advance(10_000);
    expect(requests()).toBe(2);
    const { unmount } = subscribe(client, 'a', fetcher, { refreshEveryMs: 3_000 });
    expect(clock.sleeping()).toEqual([3_000]);
    await clock.advance(9_000);
    expect(requests()).toBe(5);
    unmount();
    await settle();
    expect(clock.sleeping()).toEqual([10_000]);
  });

  test('longer than a timer holds does not fire at once', async () => {
    const { clock } = await shownKey({ refreshEveryMs: Number.MAX_VALUE });
    expect(clock.sleeping()).toEqual([2 ** 31 - 1]);
  });

  test('ends with the last component', async () => {
    const { clock, unmount, requests } = await shownKey({ refreshEveryMs: 1_000 });
    unmount();
    expect(clock.sleeping()).toEqual([]);
    await clock.advance(10_000);
    expect(requests()).toBe(1);
  });

  test('goes on after a failure', async () => {
    const clock = manualClock();
    const server = fakeServer();
    subscribe(createCacheClient({ clock }), 'a', server.fetcher, { refreshEveryMs: 1_000, retries: 0 });
    await settle();
    await server.call(0).fail(new Error('no'));
    await clock.advance(1_000);
    expect(server.calls).toHaveLength(2);
  });

  test('goes on after a mutation that has replaced its request', async () => {
    const clock = manualClock();
    const client = createCacheClient({ clock });
    const server = fakeServer();
    subscribe(client, 'a', server.fetcher, { refreshEveryMs: 1_000 });
    await settle();
    await client.mutate('a', 'mutated', { revalidate: false });
    await clock.advance(1_000);
    expect(server.calls).toHaveLength(2);
  });

  test('pauses in a hidden window, and catches up when it is shown', async () => {
    const { clock, requests } = await shownKey({ refreshEveryMs: 1_000, revalidateOnFocus: false });
    setVisible(false);
    await clock.advance(60_000);
    expect(requests()).toBe(1);
    expect(clock.sleeping()).toEqual([]);
    setVisible(true);
    await clock.advance(0);
    expect(requests()).toBe(2);
    expect(clock.sleeping()).toEqual([1_000]);
  });

  test('goes on in a hidden window where that is wanted', async () => {
    const { clock, requests } = await shownKey({ refreshEveryMs: 1_000, refreshWhenHidden: true });
    setVisible(false);
    await clock.advance(3_000);
    expect(requests()).toBe(4);
  });

  test('is not longer after the clock was set back', async () => {
    const { clock, client, fetcher } = await shownKey({ refreshEveryMs: 1_000 });
    clock.set(0);
    subscribe(client, 'a', fetcher, { refreshEveryMs: 900, staleMs: 0 });
    await settle();
    expect(clock.sleeping()).toEqual([900]);
  });
});
