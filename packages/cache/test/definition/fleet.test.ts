import { describe, expect, it } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import type { RemoteLayer } from '../../src/remote-types';
import type { Cache, DefinitionOptions } from '../../src/types';
import { fakeFleet, heldLoader } from '../support/open-cache';

const minuteMs = 60_000;

function defineRows<Value>(
  cache: Cache,
  load: DefinitionOptions<string, Value>['load'],
  more: Partial<DefinitionOptions<string, Value>> = {},
) {
  return cache.define('rows', {
    key: (id: string) => [id],
    scope: 'global',
    tags: (id) => [`row:${id}`, 'rows'],
    memoryTtlMs: minuteMs,
    remoteTtlMs: 5 * minuteMs,
    load,
    ...more,
  });
}

describe('processes over one layer', () => {
  it('share what one has loaded, and follow what one invalidates', async () => {
    const { clock, open } = fakeFleet();
    let version = 1;
    const [a, b] = [open(), open()];
    const [rowsA, rowsB] = [defineRows(a, () => version), defineRows(b, () => version)];
    expect(await rowsA.getWithReceipt('x')).toMatchObject({
      value: 1,
      layer: 'load',
      tags: ['row:x', 'rows'],
    });
    await settle();
    expect(await rowsB.getWithReceipt('x')).toMatchObject({ value: 1, layer: 'remote' });
    expect(await rowsB.getWithReceipt('x')).toMatchObject({ value: 1, layer: 'memory' });
    version = 2;
    expect(await a.invalidateTags(['row:x'])).toEqual({ acknowledged: true, tags: ['row:x'] });
    expect(await rowsA.get('x')).toBe(2);
    await clock.advance(50);
    expect(await rowsB.get('x')).toBe(2);
    expect(rowsB.stats().loads).toBe(0);
    expect(b.stats().remote).toMatchObject({ state: 'up', pendingInvalidations: 0, logLosses: 0 });
  });

  it('load nothing that another has stored between the read of what was there and the lease', async () => {
    const { clock, open, remote } = fakeFleet();
    let openGate = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      openGate = resolve;
    });
    let version = 1;
    const [a, b] = [open(), open({ remote: withLateLeases(remote.layer(), gate) })];
    const [rowsA, rowsB] = [defineRows(a, () => version), defineRows(b, () => version)];
    await rowsA.get('x');
    await settle();
    expect(await rowsB.getWithReceipt('x')).toMatchObject({ value: 1, layer: 'remote' });
    version = 2;
    await a.invalidateTags(['row:x']);
    await clock.advance(50);
    const reading = rowsB.getWithReceipt('x');
    await settle();
    expect(await rowsA.getWithReceipt('x')).toMatchObject({ value: 2, layer: 'load' });
    await settle();
    openGate();
    await clock.advance(50);
    expect(await reading).toMatchObject({ value: 2, layer: 'remote' });
    expect(rowsB.stats().loads).toBe(0);
  });

  it('read with one command what they know to be valid, and ask the log about the rest', async () => {
    const { clock, open, remote } = fakeFleet();
    const [a, b] = [open(), open()];
    const [rowsA, rowsB] = [defineRows(a, () => 'value'), defineRows(b, () => 'value')];
    await rowsA.getMany(['x', 'y', 'broken']);
    await b.ready();
    const count = (): number[] => [remote.count('read'), remote.count('sync'), remote.count('lease')];
    const [reads, syncs, leases] = count() as [number, number, number];
    expect(await rowsB.getWithReceipt('x')).toMatchObject({ layer: 'remote', staleBoundMs: 0 });
    expect(count()).toEqual([reads + 1, syncs, leases]);
    // What was known to be valid is no entry after all.
    const [entry] = remote.entries.values();
    remote.entries.set('rows:broken', {
      bytes: Buffer.from('nonsense'),
      stamp: entry?.stamp ?? 0,
      untilMs: Infinity,
    });
    expect(await rowsB.getWithReceipt('broken')).toMatchObject({ layer: 'load' });
    expect(b.stats().remote?.unreadable).toBe(1);
    // Older than what this process has read.
    const c = open();
    await a.invalidateTags(['else']);
    await c.ready();
    const before = remote.count('sync');
    expect(await defineRows(c, () => 'value').getWithReceipt('y')).toMatchObject({ layer: 'remote' });
    expect(remote.count('sync')).toBe(before + 1);
    await clock.advance(50);
  });

  it('load once for the whole fleet', async () => {
    const { clock, open } = fakeFleet();
    const { calls, load } = heldLoader<string>();
    const definitions = [open(), open(), open()].map((cache) => defineRows(cache, load));
    const reads = definitions.flatMap((rows) => [rows.get('x'), rows.get('x')]);
    await settle();
    await clock.advance(20);
    expect(calls).toHaveLength(1);
    calls[0]?.resolve('value');
    await settle();
    await clock.advance(100);
    expect(await Promise.all(reads)).toEqual(Array(6).fill('value'));
    expect(calls).toHaveLength(1);
  });

  it('take over from one that fails, and from one whose load does not end', async () => {
    const { clock, open } = fakeFleet();
    const [first, second] = [heldLoader<string>(), heldLoader<string>()];
    const a = defineRows(open(), first.load, { loadTimeoutMs: 5_000 });
    const b = defineRows(open(), second.load);
    const failing = a.get('x');
    await settle();
    const waiting = b.get('x');
    await settle();
    first.calls[0]?.reject(new Error('down'));
    await expect(failing).rejects.toThrow('down');
    await clock.advance(50);
    expect(second.calls).toHaveLength(1);
    second.calls[0]?.resolve('value');
    expect(await waiting).toBe('value');
    // Others wait for as long as its loader has.
    void a.get('y').catch(() => undefined);
    await settle();
    const patient = b.get('y');
    await clock.advance(4_900);
    expect(second.calls).toHaveLength(1);
    await clock.advance(200);
    expect(second.calls).toHaveLength(2);
    second.calls[1]?.resolve('other');
    expect(await patient).toBe('other');
  });

  it('wait for one that has died or lost its connection for less than a second', async () => {
    const { clock, open, remote } = fakeFleet();
    const dying = heldLoader<string>();
    const rows = defineRows(open(), () => 'value');
    void defineRows(open(), dying.load)
      .get('x')
      .catch(() => undefined);
    await settle();
    const read = rows.get('x');
    await clock.advance(3_000);
    expect(rows.stats().loads).toBe(0);
    remote.refusals.set('lease', new Error('no connection'));
    await clock.advance(700);
    expect(await read).toBe('value');
  });

  it('do not put back what another one invalidated during the load', async () => {
    const { clock, open, remote } = fakeFleet();
    const { calls, load } = heldLoader<string>();
    const [a, b] = [open(), open()];
    const rows = defineRows(a, load);
    const read = rows.get('x');
    await settle();
    await b.invalidateTags(['row:x']);
    // Before `a` has heard of it, and after.
    calls[0]?.resolve('old');
    expect(await read).toBe('old');
    await settle();
    await clock.advance(50);
    const next = rows.get('x');
    await settle();
    calls[1]?.resolve('new');
    expect(await next).toBe('new');
    await settle();
    const c = defineRows(open(), () => 'loaded by c');
    expect(await c.get('x')).toBe('new');
    expect(remote.entries.size).toBe(1);
  });

  it('do not promote from the layer what was invalidated while it was read', async () => {
    const { open, remote } = fakeFleet();
    let version = 'old';
    const [a, b] = [open(), open()];
    const [rowsA, rowsB] = [defineRows(a, () => version), defineRows(b, () => version)];
    await rowsA.get('x');
    await settle();
    await b.ready();
    remote.hold('read', 'sync');
    const read = rowsB.get('x');
    await settle();
    version = 'new';
    await b.invalidateTags(['row:x']);
    remote.release();
    expect(await read).toBe('new');
    expect(await rowsB.get('x')).toBe('new');
  });

  it('give a read that begins after an invalidation never the answer to one before', async () => {
    const { clock, open, remote } = fakeFleet();
    const [a, b] = [open(), open()];
    const rowsA = defineRows(a, () => 'old');
    const rowsB = defineRows(b, () => 'new');
    await rowsA.get('x');
    await settle();
    await b.ready();
    remote.hold('read', 'sync');
    const before = rowsB.get('x');
    await settle();
    await b.invalidateTags(['rows']);
    const after = rowsB.get('x');
    await settle();
    remote.release();
    await settle();
    // It waits for the lease of the one before.
    await clock.advance(20);
    await before;
    expect(await after).toBe('new');
  });

  it('serve nothing from memory that the log was not read for within the bound', async () => {
    const { clock, open, remote } = fakeFleet();
    let loads = 0;
    const rows = defineRows(open(), () => ++loads);
    expect(await rows.get('x')).toBe(1);
    remote.isDown = true;
    await clock.advance(1_900);
    expect(await rows.get('x')).toBe(1);
    await clock.advance(200);
    // Out of reach: loaded, and good for as long as the bound.
    expect(await rows.get('x')).toBe(2);
    await clock.advance(1_900);
    expect(await rows.getWithReceipt('x')).toMatchObject({ value: 2, layer: 'memory', staleBoundMs: 1_900 });
    await clock.advance(200);
    expect(await rows.get('x')).toBe(3);
  });

  it('hand in after an outage what they could not, and trust nothing older meanwhile', async () => {
    const { clock, open, remote } = fakeFleet();
    let version = 'old';
    const [a, b] = [open(), open()];
    const [rowsA, rowsB] = [defineRows(a, () => version), defineRows(b, () => version)];
    await rowsA.get('x');
    await settle();
    await rowsB.get('x');
    remote.isDown = true;
    await clock.advance(500);
    version = 'new';
    expect(await a.invalidateTags(['row:x'])).toEqual({ acknowledged: false, tags: ['row:x'] });
    expect(a.stats().remote).toMatchObject({ state: 'down', pendingInvalidations: 1 });
    expect(await rowsA.get('x')).toBe('new');
    await clock.advance(10_000);
    expect(await rowsB.get('x')).toBe('new');
    // Only `b` is back: what lies in the layer may be what `a` has invalidated.
    const downForA = remote.refusals;
    downForA.set('append', new Error('unreachable'));
    remote.isDown = false;
    await clock.advance(600);
    expect(await rowsB.get('x')).toBe('new');
    downForA.clear();
    await clock.advance(600);
    expect(a.stats().remote).toMatchObject({ state: 'up', pendingInvalidations: 0 });
    const c = defineRows(open(), () => version);
    expect(await c.get('x')).toBe('new');
    expect(await rowsB.get('x')).toBe('new');
  });

  it('start anew when the log is lost', async () => {
    const { clock, open, remote } = fakeFleet();
    let version = 'old';
    const [a, b] = [open(), open()];
    const [rowsA, rowsB] = [defineRows(a, () => version), defineRows(b, () => version)];
    await rowsA.get('x');
    await settle();
    await rowsB.get('x');
    // The entries stay, and so would what was invalidated.
    remote.log = [];
    remote.last.clear();
    version = 'new';
    await clock.advance(60);
    expect(await rowsA.get('x')).toBe('new');
    expect(await rowsB.get('x')).toBe('new');
    // The first to notice has made everything invalid; the others find a log that begins later, and need not do it again.
    expect([a, b].map((cache) => cache.stats().remote?.logLosses)).toEqual([1, 0]);
    expect(remote.log.filter(({ names }) => names.includes('*'))).toHaveLength(1);
    await clock.advance(1_000);
    expect(a.stats().remote?.logLosses).toBe(1);
  });

  it('notice that the log has another history, even where that is longer', async () => {
    const { clock, open, remote } = fakeFleet();
    const [a] = [open()];
    const rows = defineRows(a, () => 'value');
    await rows.get('x');
    await a.invalidateTags(['row:y']);
    await clock.advance(50);
    // A replica took over that had not seen the last invalidation, and others have written to it.
    const known = remote.log.at(-1)?.mark.position ?? 0;
    remote.log = remote.log.slice(0, -1);
    remote.last.delete('trow:y');
    remote.append({ names: ['tother'], after: known - 1 });
    await clock.advance(50);
    expect(a.stats().remote?.logLosses).toBe(1);
    expect(remote.last.get('*')).toBeGreaterThan(known);
  });

  it('that fall behind forget what they have, and nobody else does', async () => {
    const { clock, open, remote } = fakeFleet();
    const a = open();
    let loads = 0;
    const rows = defineRows(a, () => ++loads);
    await rows.get('x');
    remote.retained = 5;
    remote.hold('sync');
    for (let at = 0; at < 10; at += 1) remote.append({ names: [`t${at}`] });
    remote.release();
    const cleared = remote.last.get('*');
    await clock.advance(1_100);
    expect(await rows.getWithReceipt('x')).toMatchObject({ value: 1, layer: 'remote' });
    expect(remote.last.get('*')).toBe(cleared);
  });

  it('read a long log in pieces, and trust memory only after the last', async () => {
    const { clock, open, remote } = fakeFleet();
    const a = open();
    let loads = 0;
    const rows = defineRows(a, () => ++loads);
    await rows.get('x');
    remote.perSync = 2;
    for (let at = 0; at < 5; at += 1) remote.append({ names: [`t${at}`] });
    remote.append({ names: ['trow:x'] });
    await clock.advance(200);
    expect(await rows.get('x')).toBe(2);
  });

  it('go on without leases and without storing where the layer refuses them', async () => {
    const { open, remote } = fakeFleet();
    remote.refusals.set('read', new Error('refused'));
    remote.refusals.set('put', new Error('refused'));
    remote.refusals.set('release', new Error('refused'));
    const rows = defineRows(open(), () => 'value');
    expect(await rows.get('x')).toBe('value');
    expect(await rows.getWithReceipt('x')).toMatchObject({ value: 'value', layer: 'memory' });
  });

  it('load by themselves when the lease of an outdated entry cannot be asked for', async () => {
    const { open, remote } = fakeFleet();
    let version = 'old';
    const a = open();
    const rows = defineRows(a, () => version);
    await rows.get('x');
    await settle();
    version = 'new';
    await a.invalidateTags(['rows']);
    remote.refusals.set('lease', new Error('refused'));
    expect(await rows.get('x')).toBe('new');
  });

  it('count what cannot be read or stored', async () => {
    const { open, remote } = fakeFleet();
    const a = open();
    const rows = defineRows(a, (id): unknown => (id === 'fn' ? () => 1 : id === 'big' ? 'big' : 'value'));
    await rows.get('x');
    await settle();
    const [entry] = remote.entries.values();
    const b = open();
    const rowsB = defineRows(b, () => 'anew');
    remote.entries.set('rows:broken', {
      bytes: Buffer.from('nonsense'),
      stamp: entry?.stamp ?? 0,
      untilMs: Infinity,
    });
    remote.entries.set('rows:foreign', {
      bytes: entry?.bytes ?? Buffer.alloc(0),
      stamp: entry?.stamp ?? 0,
      untilMs: Infinity,
    });
    remote.entries.set('rows:none', { bytes: Buffer.alloc(0), stamp: Number.NaN, untilMs: Infinity });
    for (const id of ['broken', 'foreign', 'none']) expect(await rowsB.get(id)).toBe('anew');
    expect(b.stats().remote?.unreadable).toBe(3);
    expect(typeof (await rows.get('fn'))).toBe('function');
    remote.refusals.set('put', new RangeError('too large'));
    await rows.get('big');
    await settle();
    expect(a.stats().remote).toMatchObject({ unstorable: 2, failures: 0 });
    expect(await rows.get('fn')).toBe(await rows.get('fn'));
  });

  it('are ready when the log has been read, or say that it cannot be', async () => {
    const { clock, open, remote } = fakeFleet();
    remote.isDown = true;
    const [early, late] = [open(), open()];
    const waits = [early.ready({ timeoutMs: 200 }), late.ready()];
    await clock.advance(1_000);
    expect(await waits[0]).toBe(false);
    remote.isDown = false;
    await clock.advance(200);
    expect(await waits[1]).toBe(true);
    await late.close();
    remote.isDown = true;
    expect(await open().ready({ timeoutMs: 0 })).toBe(false);
  });

  it('never keep a process from closing, and say what was lost', async () => {
    const { clock, open, remote } = fakeFleet();
    const a = open();
    await a.ready();
    remote.isDown = true;
    await a.invalidateTags(['one', 'two']);
    const closing = a.close({ timeoutMs: 1_000 });
    await clock.advance(1_100);
    expect(await closing).toEqual({ lostInvalidations: 2 });
    const b = open();
    remote.isDown = false;
    await b.ready();
    remote.isDown = true;
    await b.invalidateTags(['one']);
    const rescued = b.close({ timeoutMs: 1_000 });
    await clock.advance(100);
    remote.isDown = false;
    await clock.advance(100);
    expect(await rescued).toEqual({ lostInvalidations: 0 });
    expect(clock.sleepers()).toBe(0);
  });

  it('hand on what has been loaded before they close', async () => {
    const { open, remote } = fakeFleet();
    const a = open();
    const rows = defineRows(a, (id) => id);
    await a.ready();
    remote.hold('put');
    await rows.getMany(['x', 'y']);
    const closing = a.close();
    await settle();
    remote.release();
    await closing;
    expect(remote.entries.size).toBe(2);
    expect(remote.count('put')).toBe(2);
  });

  it('removes a log that refuses to be written to, so that nobody trusts it', async () => {
    const { clock, open, remote } = fakeFleet();
    const [a, b] = [open(), open()];
    let version = 'old';
    const [rowsA, rowsB] = [defineRows(a, () => version), defineRows(b, () => version)];
    await rowsA.get('x');
    await settle();
    await rowsB.get('x');
    const { CacheError } = await import('../../src/errors');
    remote.refusals.set('append', new CacheError('UNITE_CACHE_REMOTE_REFUSED', 'OOM command not allowed'));
    version = 'new';
    expect(await a.invalidateTags(['row:x'])).toMatchObject({ acknowledged: false });
    expect(remote.log).toEqual([]);
    await clock.advance(2_100);
    expect(await rowsB.get('x')).toBe('new');
    remote.refusals.clear();
    await clock.advance(2_000);
    expect(b.stats().remote?.state).toBe('up');
    expect(await rowsB.get('x')).toBe('new');
  });
});

describe('clearPattern', () => {
  it('also deletes what a load stores that began before it', async () => {
    const { clock, open, remote } = fakeFleet();
    const { calls, load } = heldLoader<string>();
    const [a, b] = [open(), open()];
    const rows = defineRows(a, load);
    const read = rows.get('x');
    await settle();
    const clearing = b.clearPattern('rows:*');
    await settle();
    // After the first look through the keys, and before `a` has read of it.
    calls[0]?.resolve('old');
    expect(await read).toBe('old');
    await settle();
    expect(remote.entries.size).toBe(1);
    await clock.advance(300);
    expect(await clearing).toBe(1);
    expect(remote.entries.size).toBe(0);
  });
});

/** A layer whose leases are asked for when something else has happened. */
function withLateLeases(layer: RemoteLayer, moment: Promise<void>): RemoteLayer {
  return {
    open(namespace) {
      const connection = layer.open(namespace);
      return { ...connection, lease: (...args) => moment.then(() => connection.lease(...args)) };
    },
  };
}
