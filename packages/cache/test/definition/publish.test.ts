import { describe, expect, it } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import { createCache } from '../../src/create-cache';
import type { Cache, DefinitionOptions } from '../../src/types';
import { fakeFleet, heldLoader } from '../support/open-cache';

function defineRows<Value>(cache: Cache, load: DefinitionOptions<string, Value>['load']) {
  return cache.define('rows', {
    key: (id: string) => [id],
    scope: 'global',
    tags: (id) => [`row:${id}`],
    load,
  });
}

describe('set', () => {
  it('reaches every process', async () => {
    const { clock, open } = fakeFleet();
    const [a, b] = [open(), open()];
    const [rowsA, rowsB] = [defineRows(a, () => 'loaded'), defineRows(b, () => 'loaded')];
    await rowsB.get('x');
    await settle();
    expect(await rowsA.set('x', 'given')).toEqual({ acknowledged: true, tags: [] });
    expect(await rowsA.getWithReceipt('x')).toMatchObject({ value: 'given', layer: 'memory' });
    await clock.advance(50);
    expect(await rowsB.getWithReceipt('x')).toMatchObject({ value: 'given', layer: 'remote' });
    await a.invalidateTags(['row:x']);
    expect(await rowsA.get('x')).toBe('loaded');
  });

  it('is good for this process alone, and for the bound, while the layer is away', async () => {
    const { clock, open, remote } = fakeFleet();
    const rows = defineRows(open(), () => 'loaded');
    await rows.get('x');
    remote.isDown = true;
    await clock.advance(300);
    expect(await rows.set('x', 'given')).toMatchObject({ acknowledged: false });
    expect(await rows.get('x')).toBe('given');
    await clock.advance(2_100);
    expect(await rows.get('x')).toBe('loaded');
  });
});

describe('refresh', () => {
  it('replaces the value without an interval of misses', async () => {
    const { clock, open, remote } = fakeFleet();
    const { calls, load } = heldLoader<string>();
    const [a, b] = [open(), open()];
    const [rowsA, rowsB] = [defineRows(a, load), defineRows(b, load)];
    const first = rowsA.get('x');
    await settle();
    calls[0]?.resolve('old');
    await first;
    await settle();
    await rowsB.get('x');
    const refreshing = rowsA.refresh('x');
    await settle();
    expect(rowsA.peek('x')).toBe('old');
    remote.hold('append', 'put');
    calls[1]?.resolve('new');
    await settle();
    // The log is being told: here the new value is served, and nobody loads.
    expect(await rowsA.get('x')).toBe('new');
    remote.release();
    expect(await refreshing).toBe('new');
    await clock.advance(50);
    const second = rowsB.get('x');
    await clock.advance(10);
    expect(await second).toBe('new');
    expect(calls).toHaveLength(2);
  });

  it('loads once more what was invalidated meanwhile, and then leaves it to the next read', async () => {
    const { open } = fakeFleet();
    const [a, b] = [open(), open()];
    const { calls, load } = heldLoader<string>();
    const rows = defineRows(a, load);
    const refreshing = rows.refresh('x');
    await settle();
    await b.invalidateTags(['row:x']);
    calls[0]?.resolve('one');
    await settle();
    await b.invalidateTags(['row:x']);
    calls[1]?.resolve('two');
    expect(await refreshing).toBe('two');
    expect(rows.peek('x')).toBeUndefined();
  });

  it('serves nothing meanwhile that was invalidated during the load', async () => {
    const { clock, open, remote } = fakeFleet();
    const { calls, load } = heldLoader<string>();
    const [a, b] = [open(), open()];
    const rows = defineRows(a, load);
    const refreshing = rows.refresh('x');
    await settle();
    await b.invalidateTags(['row:x']);
    await clock.advance(50);
    remote.hold('append');
    calls[0]?.resolve('old');
    await settle();
    const read = rows.get('x');
    await settle();
    remote.release();
    for (let turn = 0; turn < 3; turn += 1) {
      await clock.advance(50);
      for (const call of calls.slice(1)) call.resolve('new');
    }
    expect(await read).toBe('new');
    expect(await refreshing).toBe('new');
  });

  it('leaves the old value where the load fails', async () => {
    const { open } = fakeFleet();
    let fails = false;
    const rows = defineRows(open(), () => {
      if (fails) throw new Error('down');
      return 'old';
    });
    await rows.get('x');
    fails = true;
    await expect(rows.refresh('x')).rejects.toThrow('down');
    expect(await rows.get('x')).toBe('old');
  });

  it('happens by itself, ahead of expiry by chance and by age for sure', async () => {
    const { clock, open } = fakeFleet();
    let loads = 0;
    const cache = open({ random: () => 1e-9 });
    const options = {
      key: () => [],
      scope: 'global',
      memoryTtlMs: 10_000,
      load: async () => {
        loads += 1;
        await clock.sleep(100);
        return loads;
      },
    } as const;
    const eager = cache.define('eager', { ...options, refreshAhead: 1 });
    const first = eager.get(undefined);
    await clock.advance(100);
    expect(await first).toBe(1);
    // −1 × 100 ms × ln(1e-9) is about two seconds.
    await clock.advance(7_000);
    expect(await eager.get(undefined)).toBe(1);
    await clock.advance(1_000);
    expect(await eager.get(undefined)).toBe(1);
    expect(await eager.get(undefined)).toBe(1);
    await clock.advance(200);
    expect(await eager.get(undefined)).toBe(2);
    expect(loads).toBe(2);

    const aged = cache.define('aged', { ...options, refreshEveryMs: 1_000 });
    const read = aged.get(undefined);
    await clock.advance(100);
    expect(await read).toBe(3);
    await clock.advance(1_000);
    expect(await aged.get(undefined)).toBe(3);
    await clock.advance(200);
    expect(await aged.get(undefined)).toBe(4);
  });
});

describe('writeThrough', () => {
  it('keeps the result of the write, and invalidates what it names', async () => {
    const { clock, open } = fakeFleet();
    const [a, b] = [open(), open()];
    const [rowsA, rowsB] = [defineRows(a, () => 'loaded'), defineRows(b, () => 'loaded')];
    await rowsB.get('x');
    await rowsB.get('y');
    expect(await rowsA.writeThrough('x', async () => 'written', { invalidates: ['row:y'] })).toBe('written');
    await clock.advance(50);
    expect(await rowsB.getWithReceipt('x')).toMatchObject({ value: 'written', layer: 'remote' });
    expect(rowsB.peek('y')).toBeUndefined();
  });

  it('keeps an entry whose own tags the write names, and follows links from them', async () => {
    const cache = createCache({ namespace: 't' });
    const rows = defineRows(cache, () => 'loaded');
    await rows.getMany(['x', 'y']);
    await cache.tags.link('row:x', 'row:y');
    await rows.writeThrough('x', () => 'written', { invalidates: ['row:x'] });
    expect(rows.peek('x')).toBe('written');
    expect(rows.peek('y')).toBeUndefined();
  });

  it('keeps neither of two that overlap', async () => {
    const { open } = fakeFleet();
    const [a, b] = [open(), open()];
    const [rowsA, rowsB] = [defineRows(a, () => 'loaded'), defineRows(b, () => 'loaded')];
    const [one, other] = [heldLoader<string>(), heldLoader<string>()];
    const writing = [rowsA.writeThrough('x', one.load), rowsB.writeThrough('x', other.load)];
    await settle();
    // The database had `other` last; `one` is told last.
    other.calls[0]?.resolve('other');
    await writing[1];
    one.calls[0]?.resolve('one');
    await writing[0];
    expect(await rowsA.get('x')).toBe('loaded');
  });

  it('keeps nothing that was written again meanwhile, also while the layer is away', async () => {
    const { clock, open, remote } = fakeFleet();
    const cache = open();
    const rows = defineRows(cache, () => 'loaded');
    await rows.get('x');
    remote.isDown = true;
    await clock.advance(300);
    const one = heldLoader<string>();
    const writing = rows.writeThrough('x', one.load);
    await settle();
    await cache.invalidateTags(['row:x']);
    one.calls[0]?.resolve('one');
    await writing;
    expect(await rows.get('x')).toBe('loaded');
  });

  it('invalidates also where the write fails: it may have taken effect', async () => {
    const { open } = fakeFleet();
    let version = 'old';
    const cache = open();
    const rows = defineRows(cache, () => version);
    await rows.get('x');
    await rows.get('y');
    version = 'new';
    const failing = rows.writeThrough('x', () => Promise.reject(new Error('commit unknown')), {
      invalidates: () => ['row:y'],
    });
    await expect(failing).rejects.toThrow('commit unknown');
    expect(await rows.getMany(['x', 'y'])).toEqual(['new', 'new']);
  });

  it('invalidates the entry also where what else it names cannot be told', async () => {
    const { open } = fakeFleet();
    let version = 'old';
    const rows = defineRows(open(), () => version);
    await rows.get('x');
    version = 'new';
    const wrong = rows.writeThrough('x', () => version, { invalidates: () => [''] });
    await expect(wrong).rejects.toMatchObject({ code: 'UNITE_CACHE_TAG_INVALID' });
    expect(await rows.get('x')).toBe('new');
  });
});

describe('write', () => {
  it('invalidates after the write, whatever became of it', async () => {
    const { open } = fakeFleet();
    let version = 1;
    const cache = open();
    const rows = defineRows(cache, () => version);
    expect(await rows.get('x')).toBe(1);
    expect(await cache.write(() => ++version, { invalidates: ['row:x'] })).toBe(2);
    expect(await rows.get('x')).toBe(2);
    const failing = cache.write(
      () => {
        version += 1;
        throw new Error('commit unknown');
      },
      { invalidates: () => ['row:x'] },
    );
    await expect(failing).rejects.toThrow('commit unknown');
    expect(await rows.get('x')).toBe(3);
    // Written, and nobody can say what: everything is invalid, and the result is not lost.
    await rows.get('y');
    expect(await cache.write(() => 'done', { invalidates: () => [undefined as never] })).toBe('done');
    expect(rows.peek('y')).toBeUndefined();
    await expect(rows.writeThrough('x', () => 1, { invalidate: ['row:x'] } as never)).rejects.toThrow(
      'rows.writeThrough: unknown option "invalidate"; known are invalidates',
    );
    const ran: string[] = [];
    const wrong = cache.write(() => ran.push('ran'), { invalidates: [''] });
    await expect(wrong).rejects.toMatchObject({ code: 'UNITE_CACHE_TAG_INVALID' });
    expect(ran).toEqual([]);
  });
});
