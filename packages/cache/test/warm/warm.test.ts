import { describe, expect, it, jest } from '@jest/globals';
import { createContext, currentContext, runWithContext } from '@unite/core/context';
import { settle } from '@unite/shared/testing';
import { createCache } from '../../src/create-cache';
import type { CacheInternals } from '../../src/internal-types';
import { RemoteHealth } from '../../src/log/remote-health';
import type { Cache, WarmReport } from '../../src/types';
import { PopularReads } from '../../src/warm/popular-reads';
import { fakeFleet } from '../support/open-cache';

function defineRows(cache: Cache, load: (id: number) => unknown, countReads = false) {
  return cache.define('rows', { key: (id: number) => [id], scope: 'global', load, countReads });
}

describe('warm', () => {
  it('loads what it is given, some at a time, and says how far it is', async () => {
    const cache = createCache({ namespace: 't' });
    let running = 0;
    let most = 0;
    const rows = defineRows(cache, async (id) => {
      running += 1;
      most = Math.max(most, running);
      await settle();
      running -= 1;
      if (id === 3) throw new Error('no such row');
      return id;
    });
    const seen: WarmReport[] = [];
    const report = await rows.warm({
      entries: [1, 2, 3, 4, 5],
      concurrency: 2,
      onProgress: (each) => seen.push(each),
    });
    expect(report).toEqual({ total: 5, done: 5, failed: 1 });
    expect(seen.map(({ done }) => done)).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBe(2);
    expect(rows.peek(5)).toBe(5);
  });

  it('warms the most popular first, in their tenants', async () => {
    const { open } = fakeFleet();
    const context = currentContext;
    const define = (cache: Cache, load: (id: number) => unknown) =>
      cache.define('rows', { key: (id: number) => [id], scope: 'tenant', load, countReads: true });
    const first = define(open({ context }), (id) => id);
    const read = (tenantId: string, id: number) =>
      runWithContext(createContext({ tenantId }), () => first.get(id));
    for (let round = 0; round < 160; round += 1) {
      await read('acme', 1);
      if (round % 2 === 0) await read('globex', 2);
      if (round % 40 === 0) await read('acme', 3);
    }
    await first.warm({ popular: 1 });
    const loaded: [string | undefined, number][] = [];
    const second = define(open({ context }), (id) => {
      loaded.push([currentContext()?.tenantId, id]);
      return id;
    });
    await settle();
    await second.warm({ popular: 2, concurrency: 1 });
    await runWithContext(createContext({ tenantId: 'acme' }), () => second.refresh(1));
    expect(second.stats()).toMatchObject({ remoteHits: 2 });
    expect(loaded).toEqual([['acme', 1]]);
  });

  it('counts in this process where there is no layer, and as long as it is away', async () => {
    const cache = createCache({ namespace: 't' });
    const load = jest.fn((id: number) => id);
    const rows = defineRows(cache, load, true);
    for (let at = 0; at < 64; at += 1) await rows.get(at % 2);
    await cache.clear();
    load.mockClear();
    expect(await rows.warm({ popular: 1 })).toEqual({ total: 1, done: 1, failed: 0 });
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('does it again and again until the cache closes', async () => {
    const { clock, open } = fakeFleet();
    const cache = open();
    let loads = 0;
    const rows = defineRows(cache, () => ++loads);
    await rows.warm({ entries: [1], everyMs: 10_000 });
    expect(loads).toBe(1);
    await clock.advance(10_100);
    expect(loads).toBe(2);
    expect(rows.peek(1)).toBe(2);
    await clock.advance(10_100);
    expect(loads).toBe(3);
    const closing = cache.close();
    await clock.advance(20_000);
    await closing;
    expect(loads).toBe(3);
    const stopped = new AbortController();
    stopped.abort();
    const other = defineRows(open(), () => ++loads);
    expect(await other.warm({ entries: [1, 2], signal: stopped.signal })).toEqual({
      total: 2,
      done: 0,
      failed: 0,
    });
  });

  it.each<[object, string]>([
    [{}, 'rows.warm: one of "entries" and "popular" must be given'],
    [{ entries: [1], popular: 1 }, 'rows.warm: one of "entries" and "popular" must be given'],
    [{ popular: 0 }, 'rows.warm: option "popular" must be a whole number above 0, got 0'],
    [{ entries: 5 }, 'rows.warm: option "entries" must be iterable, got 5'],
    [
      { entries: [], concurrency: -1 },
      'rows.warm: option "concurrency" must be a whole number above 0, got -1',
    ],
    [{ popular: 3 }, 'rows.warm: "popular" needs countReads: true in the definition'],
  ])('refuses %j', async (options, message) => {
    const rows = defineRows(createCache({ namespace: 't' }), (id) => id);
    await expect(rows.warm(options)).rejects.toThrow(message);
  });
});

describe('popular reads', () => {
  it('are bounded, and keep what is read again and again', async () => {
    const { clock, remote } = fakeFleet();
    const connection = remote.layer().open('test');
    const health = new RemoteHealth(() => undefined);
    const context = () => undefined;
    const internals = { clock, context, remote: { connection, health, unreadable: 0, unstorable: 0 } };
    const popular = new PopularReads<number>('rows', internals as unknown as CacheInternals);
    for (let id = 1; id <= 3_000; id += 1) {
      popular.count('popular', 0);
      popular.count(`key-${id}`, id);
    }
    await popular.flush();
    expect(remote.reads.size).toBe(1_000);
    expect(await popular.top(1)).toHaveLength(1);
    expect((await popular.top(1))[0]?.((params) => params)).toBe(0);
    await popular.flush();
    expect(remote.count('countReads')).toBe(1);
  });

  it('go to the layer now and then, where it can be reached', async () => {
    const { clock, open, remote } = fakeFleet();
    const rows = defineRows(open(), (id) => id, true);
    await rows.get(0);
    await clock.advance(10_000);
    for (let at = 0; at < 16; at += 1) await rows.get(0);
    await settle();
    expect(remote.count('countReads')).toBe(1);
    remote.refusals.set('countReads', new Error('refused'));
    remote.refusals.set('mostRead', new Error('refused'));
    for (let at = 0; at < 32; at += 1) await rows.get(0);
    expect(await rows.warm({ popular: 1 })).toMatchObject({ failed: 0 });
  });
});
