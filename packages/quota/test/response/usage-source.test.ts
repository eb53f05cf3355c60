import { beforeEach, describe, expect, test } from '@jest/globals';
import { currentContext } from '@unite/core/context';
import { type ManualClock, manualClock, settle } from '@unite/shared/testing';
import { QuotaError } from '../../src/errors';
import { type UsageOptions, UsageSource } from '../../src/response/usage-source';
import type { UsageViewer } from '../../src/response/usage-viewer';
import { contextOf, FakeQuota } from '../support/fake-quota';
import { gate } from '../support/turns';

let clock: ManualClock;
let quota: FakeQuota;
let tenantId: string | undefined;
let plan: string | undefined;

beforeEach(() => {
  clock = manualClock();
  quota = new FakeQuota();
  tenantId = 'acme';
  plan = 'free';
});

const open = (options: UsageOptions = {}) =>
  new UsageSource('usage', quota, { clock, context: () => contextOf(tenantId, plan), ...options });

/** Everything that a viewer is sent, as it is sent. */
function watchAll(viewer: UsageViewer): { frames: string[]; done: Promise<void> } {
  const frames: string[] = [];
  const done = (async () => {
    for await (const frame of viewer) frames.push(frame);
  })();
  return { frames, done };
}

const usedIn = (frame: string | undefined) =>
  JSON.parse(/^data: (.*)$/m.exec(frame ?? '')?.[1] ?? '').limits[0].used;

describe('a viewer', () => {
  test('gets an event at once, and then one after each change', async () => {
    const { frames } = watchAll(await open().watch());
    await settle();
    expect(frames).toHaveLength(1);
    expect(frames[0]).toMatch(/^retry: 2000\nid: \d+\ndata: \{.*\}\n\n$/);
    // Only the forecast moves.
    await clock.advance(5_000);
    expect(quota.reads).toBe(6);
    expect(frames).toHaveLength(1);
    quota.used.set('acme', 7);
    await clock.advance(1_000);
    expect(frames.map(usedIn)).toEqual([0, 7]);
    expect(frames[1]).toMatch(/^id: /);
  });

  test('gets a comment after 15 s of silence', async () => {
    const { frames } = watchAll(await open().watch());
    await clock.advance(14_000);
    expect(frames).toHaveLength(1);
    await clock.advance(1_000);
    expect(frames[1]).toBe(':\n\n');
    await clock.advance(10_000);
    quota.used.set('acme', 1);
    await clock.advance(14_000);
    expect(frames).toHaveLength(3);
  });

  test('is sent to connect again after 5 minutes; then nothing is left', async () => {
    const { done } = watchAll(await open().watch());
    await clock.advance(300_000);
    await done;
    await settle();
    expect(clock.sleepers()).toBe(0);
    const reads = quota.reads;
    await clock.advance(10_000);
    expect(quota.reads).toBe(reads);
  });

  test('that is slow gets the newest, not what it missed', async () => {
    const viewer = await open().watch();
    for (const used of [1, 2, 3, 4]) {
      quota.used.set('acme', used);
      await clock.advance(1_000);
    }
    expect(usedIn(await viewer.next())).toBe(4);
    viewer.close();
    viewer.close();
    expect(await viewer.next()).toBeUndefined();
  });

  test('keeps what it was sent while usage cannot be read, and goes on afterwards', async () => {
    const { frames } = watchAll(await open().watch());
    await settle();
    quota.failure = new Error('no');
    await clock.advance(3_000);
    quota.failure = undefined;
    quota.used.set('acme', 3);
    await clock.advance(1_000);
    expect(frames.map(usedIn)).toEqual([0, 3]);
  });
});

describe('those who watch one tenant', () => {
  test('share one read a second, and are all told', async () => {
    const source = open();
    const viewers = await Promise.all(Array.from({ length: 1_000 }, () => source.watch()));
    const watching = viewers.map(watchAll);
    await settle();
    expect(quota.reads).toBe(1);
    quota.used.set('acme', 9);
    await clock.advance(10_000);
    expect(quota.reads).toBe(11);
    expect(watching.every(({ frames }) => frames.length === 2 && usedIn(frames[1]) === 9)).toBe(true);
    await source.close();
    await Promise.all(watching.map(({ done }) => done));
    await settle();
    expect(clock.sleepers()).toBe(0);
  });

  test('never see another tenant, whose reads are its own', async () => {
    const source = open();
    const acme = watchAll(await source.watch());
    tenantId = 'other';
    const other = watchAll(await source.watch());
    quota.used.set('acme', 5);
    await clock.advance(1_000);
    expect(acme.frames).toHaveLength(2);
    expect(other.frames).toHaveLength(1);
    expect(quota.reads).toBe(4);
  });

  test('are read for without the request of the first, and on the plan of the newest', async () => {
    const contexts: unknown[] = [];
    const usage = quota.usage.bind(quota);
    quota.usage = (of) => {
      contexts.push(currentContext());
      return usage(of);
    };
    const source = open();
    const { frames } = watchAll(await source.watch());
    plan = 'pro';
    await source.watch();
    await clock.advance(1_000);
    expect(contexts).toMatchObject([
      { tenantId: 'acme', plan: 'free' },
      { tenantId: 'acme', plan: 'pro' },
    ]);
    expect(contexts[0]).not.toHaveProperty('signal');
    expect(frames.at(-1)).toContain('"plan":"pro"');
  });

  test('do not read twice at once, however long a read takes; comments come still', async () => {
    const slow = gate();
    const usage = quota.usage.bind(quota);
    const { frames } = watchAll(await open().watch());
    await settle();
    quota.usage = async (of) => {
      await slow.opened;
      return usage(of);
    };
    await clock.advance(20_000);
    expect(frames).toHaveLength(2);
    slow.open();
    await settle();
    expect(quota.reads).toBe(2);
  });

  test('fail together when the first read fails; the next one starts anew', async () => {
    const source = open();
    quota.failure = new QuotaError('UNITE_QUOTA_UNAVAILABLE', 'no');
    const failed = await Promise.allSettled([source.watch(), source.watch()]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(quota.reads).toBe(1);
    quota.failure = undefined;
    expect(usedIn(await (await source.watch()).next())).toBe(0);
  });

  test('are capped, each tenant and all together; who leaves makes room', async () => {
    const source = open({ maxViewers: 3, maxViewersPerTenant: 2 });
    const first = await source.watch();
    await source.watch();
    const full = { code: 'UNITE_QUOTA_UNAVAILABLE', status: 503, headers: { 'Retry-After': '5' } };
    await expect(source.watch()).rejects.toMatchObject(full);
    tenantId = 'other';
    const other = await source.watch();
    await expect(source.watch()).rejects.toMatchObject(full);
    other.close();
    await source.watch();
    first.close();
    tenantId = 'acme';
    await source.watch();
  });
});

test('a closed source ends its streams and takes no more; documents go on', async () => {
  const source = open();
  const viewer = await source.watch();
  await source.close({ timeoutMs: 1 });
  await source.close();
  expect(await viewer.next()).toBeUndefined();
  await expect(source.watch()).rejects.toMatchObject({ code: 'UNITE_QUOTA_CLOSED', status: 503 });
  expect(await source.document()).toMatchObject({ tenantId: 'acme' });
});

test('without a tenant nobody is told anything', async () => {
  tenantId = undefined;
  const missing = { code: 'UNITE_QUOTA_TENANT_MISSING', status: 401 };
  await expect(open().document()).rejects.toMatchObject(missing);
  await expect(open().watch()).rejects.toMatchObject(missing);
  await expect(open({ context: () => undefined }).watch()).rejects.toMatchObject(missing);
  expect(quota.reads).toBe(0);
});

test('says at once which option is wrong', () => {
  expect(() => open({ pollMs: 0 })).toThrow('usage: option "pollMs" must be a positive number, got 0');
  expect(() => new UsageSource('usage', {} as never, {})).toThrow('usage: option "quota" must be');
});
