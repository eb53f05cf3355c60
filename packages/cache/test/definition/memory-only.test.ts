import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createContext, runWithContext } from '@unite/core/context';
import { manualClock } from '@unite/shared/testing';
import { CacheError, createCache } from '../../src/index';
import { heldLoader } from '../support/open-cache';

const noContext = () => undefined;

describe('a cache in memory alone', () => {
  it('loads once and serves until the time to live has passed', async () => {
    const clock = manualClock();
    const load = jest.fn(async (id: string) => ({ id }));
    const cache = createCache({ namespace: 't', clock });
    const rows = cache.define('rows', {
      key: (id: string) => [id],
      scope: 'global',
      memoryTtlMs: 1_000,
      load,
    });
    expect(rows.peek('a')).toBeUndefined();
    const first = await rows.get('a');
    expect(await rows.get('a')).toBe(first);
    expect(rows.peek('a')).toBe(first);
    await clock.advance(999);
    await rows.get('a');
    expect(load).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    await rows.get('a');
    expect(load).toHaveBeenCalledTimes(2);
    expect(cache.stats()).toMatchObject({
      memoryHits: 3,
      misses: 2,
      loads: 2,
      memory: { entries: 1 },
      remote: undefined,
    });
  });

  it('takes undefined and null for values', async () => {
    const cache = createCache({ namespace: 't' });
    const load = jest.fn(async (value: undefined | null) => value);
    const rows = cache.define('rows', {
      key: (value: undefined | null) => [String(value)],
      scope: 'global',
      load,
    });
    for (const value of [undefined, null, undefined, null]) expect(await rows.get(value)).toBe(value);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('runs the loader once for all who wait', async () => {
    const cache = createCache({ namespace: 't' });
    const { calls, load } = heldLoader<string>();
    const rows = cache.define('rows', { key: () => ['a'], scope: 'global', load });
    const reads = [1, 2, 3].map(() => rows.get(undefined));
    await until(() => calls.length > 0);
    calls[0]?.resolve('value');
    expect(await Promise.all(reads)).toEqual(['value', 'value', 'value']);
    expect(calls).toHaveLength(1);
  });

  it.each(['invalidateTags', 'delete', 'clear', 'clearAll', 'clearPattern', 'set'] as const)(
    'neither keeps nor hands on what was being loaded at %s',
    async (how) => {
      const cache = createCache({ namespace: 't' });
      const { calls, load } = heldLoader<string>();
      const rows = cache.define('rows', {
        key: (id: string) => [id],
        scope: 'global',
        tags: (id) => [`row:${id}`],
        load,
      });
      const before = rows.get('a');
      await until(() => calls.length === 1);
      const acts = {
        invalidateTags: () => cache.invalidateTags(['row:a']),
        delete: () => rows.delete('a'),
        clear: () => rows.clear(),
        clearAll: () => cache.clear(),
        clearPattern: () => cache.clearPattern('rows:*'),
        set: () => rows.set('a', 'new'),
      };
      await acts[how]();
      const after = rows.get('a');
      if (how !== 'set') {
        await until(() => calls.length === 2);
        calls[1]?.resolve('new');
      }
      expect(await after).toBe('new');
      calls[0]?.resolve('old');
      expect(await before).toBe('old');
      expect(await rows.get('a')).toBe('new');
      expect(rows.stats().fenced).toBe(1);
    },
  );

  it('throws what the loader throws, to all who wait, and asks again next time', async () => {
    const cache = createCache({ namespace: 't' });
    const error = new Error('database is down');
    const load = jest.fn<() => Promise<string>>().mockRejectedValueOnce(error).mockResolvedValue('fine');
    const rows = cache.define('rows', { key: () => ['a'], scope: 'global', load });
    const reads = [rows.get(undefined), rows.get(undefined)];
    for (const read of reads) await expect(read).rejects.toBe(error);
    expect(await rows.get(undefined)).toBe('fine');
    expect(rows.stats()).toMatchObject({ loads: 2, loadErrors: 1 });
  });

  it('hands on what a loader throws at once', async () => {
    const cache = createCache({ namespace: 't' });
    const rows = cache.define('rows', {
      key: () => ['a'],
      scope: 'global',
      load: (): string => {
        throw new TypeError('at once');
      },
    });
    await expect(rows.get(undefined)).rejects.toThrow('at once');
  });

  it('ends a load that never returns', async () => {
    const clock = manualClock();
    const cache = createCache({ namespace: 't', clock });
    let signal: AbortSignal | undefined;
    const rows = cache.define('rows', {
      key: () => ['a'],
      scope: 'global',
      loadTimeoutMs: 500,
      load: (_: undefined, call) => {
        signal = call.signal;
        return new Promise<string>(() => undefined);
      },
    });
    const read = rows.get(undefined);
    const failure = expect(read).rejects.toMatchObject({
      code: 'UNITE_CACHE_LOAD_TIMEOUT',
      message: 'rows: the loader took longer than loadTimeoutMs, 500',
    });
    await clock.advance(500);
    await failure;
    expect(signal?.aborted).toBe(true);
    expect(clock.sleepers()).toBe(0);
  });

  it('serves an old value when the load fails, if that is wanted and for as long', async () => {
    const clock = manualClock();
    const cache = createCache({ namespace: 't', clock });
    const load = jest
      .fn<() => Promise<string>>()
      .mockResolvedValueOnce('old')
      .mockRejectedValue(new Error('down'));
    const rows = cache.define('rows', {
      key: () => ['a'],
      scope: 'global',
      memoryTtlMs: 1_000,
      staleOnErrorMs: 500,
      load,
    });
    await rows.get(undefined);
    await clock.advance(1_200);
    expect(await rows.getWithReceipt(undefined)).toEqual({
      value: 'old',
      layer: 'load',
      ageMs: 1_200,
      staleBoundMs: 1_200,
      isStale: true,
      tags: [],
    });
    await cache.clear();
    expect(await rows.get(undefined)).toBe('old');
    await clock.advance(301);
    await expect(rows.get(undefined)).rejects.toThrow('down');
    expect(rows.stats().staleServed).toBe(2);
  });

  it('keeps tenants apart, and refuses to read without one', async () => {
    const cache = createCache({ namespace: 't' });
    let loads = 0;
    const rows = cache.define('rows', { key: (id: string) => [id], scope: 'tenant', load: () => ++loads });
    const as = (tenantId: string) => runWithContext(createContext({ tenantId }), () => rows.get('a'));
    expect([await as('acme'), await as('globex'), await as('acme')]).toEqual([1, 2, 1]);
    await expect(rows.get('a')).rejects.toMatchObject({ code: 'UNITE_CACHE_TENANT_MISSING' });
    expect(() => rows.peek('a')).toThrow('its scope is "tenant", and there is no tenant in the context');
    // No part of a key reaches into another tenant's.
    expect(await as('acme:a')).toBe(3);
  });

  it("is capped by the request's deadline and signal, the load going on for the others", async () => {
    const clock = manualClock();
    const cache = createCache({ namespace: 't', clock });
    const { calls, load } = heldLoader<string>();
    const rows = cache.define('rows', { key: () => ['a'], scope: 'global', load });
    const abort = new AbortController();
    const patient = rows.get(undefined);
    const late = runWithContext(createContext({ deadlineAtMs: clock.wallMs() + 100 }), () =>
      rows.get(undefined),
    );
    const aborted = rows.get(undefined, { signal: abort.signal });
    const gone = runWithContext(createContext({ signal: AbortSignal.abort('gone') }), () =>
      rows.get(undefined),
    );
    const overdue = runWithContext(createContext({ deadlineAtMs: clock.wallMs() }), () =>
      rows.get(undefined),
    );
    const failures = [
      expect(late).rejects.toMatchObject({ code: 'UNITE_CACHE_DEADLINE_EXCEEDED' }),
      expect(aborted).rejects.toMatchObject({ code: 'UNITE_CACHE_ABORTED' }),
      expect(gone).rejects.toMatchObject({ code: 'UNITE_CACHE_ABORTED', cause: 'gone' }),
      expect(overdue).rejects.toMatchObject({ code: 'UNITE_CACHE_DEADLINE_EXCEEDED' }),
    ];
    abort.abort();
    await clock.advance(100);
    await Promise.all(failures);
    calls[0]?.resolve('value');
    expect(await patient).toBe('value');
    expect(calls).toHaveLength(1);
  });

  it('aborts the load when nobody waits any more, and loads anew for who comes then', async () => {
    const cache = createCache({ namespace: 't' });
    const signals: AbortSignal[] = [];
    const rows = cache.define('rows', {
      key: () => ['a'],
      scope: 'global',
      load: (_: undefined, { signal }) => {
        signals.push(signal);
        return signals.length === 1 ? new Promise<string>(() => undefined) : 'second';
      },
    });
    const abort = new AbortController();
    const read = rows.get(undefined, { signal: abort.signal });
    await until(() => signals.length === 1);
    abort.abort();
    await expect(read).rejects.toMatchObject({ code: 'UNITE_CACHE_ABORTED' });
    await until(() => signals[0]?.aborted === true);
    expect(await rows.get(undefined)).toBe('second');
  });

  it('runs the loader in the context of the first, without his deadline', async () => {
    const cache = createCache({ namespace: 't' });
    const context = createContext({ tenantId: 'acme', deadlineAtMs: Date.now() + 60_000 });
    const { currentContext } = await import('@unite/core/context');
    const rows = cache.define('rows', {
      key: () => ['a'],
      scope: 'tenant',
      load: (_: undefined, { signal }) => {
        const current = currentContext();
        return {
          tenantId: current?.tenantId,
          deadlineAtMs: current?.deadlineAtMs,
          isSignal: current?.signal === signal,
        };
      },
    });
    const seen = await runWithContext(context, () => rows.get(undefined));
    expect(seen).toEqual({ tenantId: 'acme', deadlineAtMs: undefined, isSignal: true });
  });

  it('tells the loader how long ago the invalidation was, and waits where that is wanted', async () => {
    const clock = manualClock();
    const cache = createCache({ namespace: 't', clock });
    const seen: number[] = [];
    const options = {
      key: () => ['a'],
      scope: 'global',
      tags: () => ['rows'],
      load: (_: undefined, { invalidatedMsAgo }: { readonly invalidatedMsAgo: number }) =>
        seen.push(invalidatedMsAgo),
    } as const;
    const rows = cache.define('rows', options);
    const careful = cache.define('careful', { ...options, loadDelayMs: 300 });
    await rows.get(undefined);
    await cache.invalidateTags(['rows']);
    await clock.advance(100);
    await rows.get(undefined);
    const waits = careful.get(undefined);
    await clock.advance(199);
    expect(seen).toEqual([Number.POSITIVE_INFINITY, 100]);
    await clock.advance(1);
    await waits;
    expect(seen).toEqual([Number.POSITIVE_INFINITY, 100, 100]);
  });

  it('stays within its bytes, and keeps nothing that is too large', async () => {
    const cache = createCache({
      namespace: 't',
      memory: { maxBytes: 100_000, maxEntryBytes: 20_000 },
      context: noContext,
    });
    const rows = cache.define('rows', {
      key: ({ id }: { id: number; size: number }) => [id],
      scope: 'global',
      load: ({ size }) => 'x'.repeat(size),
    });
    for (let id = 0; id < 50; id += 1) await rows.get({ id, size: 10_000 });
    await rows.get({ id: 99, size: 30_000 });
    const { memory } = cache.stats();
    expect(memory.bytes).toBeLessThanOrEqual(100_000);
    expect(memory).toMatchObject({ tooLarge: 1, maxBytes: 100_000 });
    expect(memory.evictions).toBeGreaterThan(40);
    expect(rows.peek({ id: 99, size: 0 })).toBeUndefined();
  });

  it('serves what cannot be measured, and keeps it nowhere', async () => {
    const cache = createCache({ namespace: 't' });
    let deep: object = {};
    for (let level = 0; level < 50_000; level += 1) deep = { deep };
    const rows = cache.define('rows', { key: () => ['a'], scope: 'global', load: () => deep });
    expect(await rows.get(undefined)).toBe(deep);
    expect(rows.peek(undefined)).toBeUndefined();
  });

  it('takes long times for long, and starts many loads in little time', async () => {
    const cache = createCache({ namespace: 't' });
    const rows = cache.define('rows', {
      key: (id: number) => [id],
      scope: 'global',
      loadTimeoutMs: 2 ** 40,
      load: (id) => new Promise<number>((resolve) => setImmediate(() => resolve(id))),
    });
    const context = createContext({ deadlineAtMs: Number.POSITIVE_INFINITY });
    expect(await runWithContext(context, () => rows.get(1))).toBe(1);
    const cpuMsFor = async (from: number, count: number) => {
      const ids = Array.from({ length: count }, (_, index) => from + index);
      const before = process.cpuUsage();
      expect(await rows.getMany(ids)).toHaveLength(count);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    };
    await cpuMsFor(2, 1_000);
    const few = await cpuMsFor(10_000, 1_000);
    const many = await cpuMsFor(20_000, 10_000);
    // Ten times as many: starts that look at all the others would take a hundred times as long.
    expect(many).toBeLessThan(few * 40);
  });

  it('is closed with its scope', async () => {
    const cache = createCache({ namespace: 't' });
    await cache[Symbol.asyncDispose]();
    expect(await cache.close()).toEqual({ lostInvalidations: 0 });
  });

  it('reads many in order', async () => {
    const cache = createCache({ namespace: 't' });
    const rows = cache.define('rows', { key: (id: number) => [id], scope: 'global', load: (id) => id * 2 });
    expect(await rows.getMany([3, 1, 2, 3])).toEqual([6, 2, 4, 6]);
    expect(rows.stats().loads).toBe(3);
  });

  it('rejects for a key that is none, and tells of tags that are none', async () => {
    const cache = createCache({ namespace: 't' });
    const rows = cache.define('rows', {
      key: (id: unknown) => [id as string],
      scope: 'global',
      load: () => 1,
    });
    await expect(rows.get(undefined)).rejects.toMatchObject({ code: 'UNITE_CACHE_KEY_INVALID' });
    const tagged = cache.define('tagged', {
      key: () => [],
      scope: 'global',
      tags: (tags: unknown) => tags as string[],
      load: () => 1,
    });
    for (const tags of [[''], [5], ['\ud800'], 'text', ['x'.repeat(513)], Array(101).fill('t')]) {
      await expect(tagged.get(tags)).rejects.toMatchObject({ code: 'UNITE_CACHE_TAG_INVALID' });
    }
    await expect(cache.invalidateTags([{} as string])).rejects.toThrow(
      'a tag must be a string of 1 to 512 characters, got an object',
    );
  });

  it('ends its loads when it is closed', async () => {
    const cache = createCache({ namespace: 't' });
    const rows = cache.define('rows', {
      key: () => [],
      scope: 'global',
      load: () => new Promise<string>(() => undefined),
    });
    const read = rows.get(undefined);
    const failure = expect(read).rejects.toMatchObject({ code: 'UNITE_CACHE_CLOSED' });
    expect(await cache.close()).toEqual({ lostInvalidations: 0 });
    expect(await cache.close()).toEqual({ lostInvalidations: 0 });
    await failure;
    const refused = await rows.get(undefined).catch((error: unknown) => error);
    expect(CacheError.isInstance(refused)).toBe(true);
    expect(await cache.ready()).toBe(true);
  });
});

afterEach(() => {
  jest.restoreAllMocks();
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
