import { setTimeout as sleep } from 'node:timers/promises';
import { holdReplies } from './hold-replies';
import { settleWithin } from './settle-within';
import { createSourceOfTruth, type SourceOfTruth } from './source-of-truth';
import type { CacheNode, EntryOptions } from './types';
import type { OldReads } from './watch-old-reads';
import type { Scene } from './with-nodes';

/** Where a race is played. */
export interface LoadStage extends Scene {
  readonly redisUrl: string;
  /** Reads by each node until none serves the old value. */
  watch(
    nodes: Readonly<Record<string, CacheNode>>,
    source: SourceOfTruth,
    entry?: EntryOptions,
  ): Promise<OldReads>;
}

/** Plays one race; a text says why this cache cannot be in it. */
export type LoadScenario = (stage: LoadStage) => Promise<OldReads | string>;

/** The key that every race is about. */
export const racedKey = 'row';
/** How it is cached: longer than any watch. */
export const racedEntry: EntryOptions = { ttlMs: 600_000 };
const racedTag = 'rows';

/** Time for a message between nodes, and for what a cache does after it has answered. */
const deliveryMs = 250;
/** Longest time to wait for what a cache may never do. */
const patienceMs = 2_000;
/** An answer that takes longer has waited for the load. */
const atOnceMs = 300;

/** The races between a load and an invalidation: in each, the row changes while its old value is on its way. */
export const loadScenarios: Readonly<Record<string, LoadScenario>> = {
  'delete during a load': (stage) => duringLoad(stage, ([a]) => a.delete(racedKey)),

  'tag invalidated during a load': async (stage) => {
    const node = await stage.open();
    if (!node.invalidateTag) return 'no tags';
    return duringLoad(stage, async ([a]) => a.invalidateTag?.(racedTag), { ...racedEntry, tags: [racedTag] });
  },

  'delete on another node during a load': (stage) => duringLoad(stage, ([, b]) => b.delete(racedKey)),

  'delete during a refresh behind': async (stage) => {
    const { a, b, source } = await openTwo(stage);
    const entry = { ...racedEntry, refreshBehindMs: 600_000 };
    await a.get(racedKey, source.load, { ...entry, ttlMs: 1_000 });
    const held = source.holdLoad();
    const read = () => settleWithin(() => a.get(racedKey, held.load, entry), atOnceMs);
    const untilMs = performance.now() + patienceMs;
    let last = await read();
    while (source.loads === 1 && last.state === 'answered' && performance.now() < untilMs) {
      await sleep(10);
      last = await read();
    }
    // A load that has begun while reads still answer is one behind them.
    const behind = source.loads > 1 && (await read()).state === 'answered';
    source.change();
    if (behind) await a.delete(racedKey);
    await sleep(behind ? deliveryMs : 0);
    held.release();
    await sleep(deliveryMs);
    return behind ? stage.watch({ a, b }, source) : 'refreshes nothing behind';
  },

  'set or warming during a load': async (stage) => {
    const { a, b, source } = await openTwo(stage);
    const held = source.holdLoad();
    if (!a.set && !a.warm) return 'neither set nor warm';
    const older = a.warm ? a.warm(racedKey, held.load, racedEntry) : a.get(racedKey, held.load, racedEntry);
    await held.started;
    source.change();
    // What is set is newer than what the load has read; what is warmed is older than the invalidation.
    if (a.warm) await b.delete(racedKey);
    else await a.set?.(racedKey, source.newValue, racedEntry);
    await finish(held.release, older);
    return stage.watch({ a, b }, source);
  },

  'delete while an old Redis value is on its way': async (stage) => {
    await using way = await holdReplies(stage.redisUrl);
    const source = createSourceOfTruth();
    const a = await stage.open();
    await a.get(racedKey, source.load, racedEntry);
    await sleep(deliveryMs);
    // Opened only now: some caches send what they load to every node.
    const b = await stage.open({ redisUrl: way.url });
    way.holdReplyWith(source.oldValue);
    const promotion = b.get(racedKey, source.load, racedEntry);
    const held = await settleWithin(() => way.held, patienceMs);
    source.change();
    await a.delete(racedKey);
    await finish(way.release, promotion);
    if (held.state !== 'answered') return 'no reply of Redis shows the value in plain text';
    // Awaited here: the way ends with this block.
    return await stage.watch({ b }, source);
  },

  'two loads, the older ends last': async (stage) => {
    const { a, b, source } = await openTwo(stage);
    const held = source.holdLoad();
    const older = a.get(racedKey, held.load, racedEntry);
    await held.started;
    source.change();
    await b.delete(racedKey);
    // Where one load at a time is allowed for all nodes, this one may wait for the older.
    await settleWithin(() => b.get(racedKey, source.load, racedEntry), patienceMs);
    await finish(held.release, older);
    return stage.watch({ a, b }, source);
  },
};

async function openTwo(stage: LoadStage) {
  return { a: await stage.open(), b: await stage.open(), source: createSourceOfTruth() };
}

async function duringLoad(
  stage: LoadStage,
  invalidate: (nodes: readonly [CacheNode, CacheNode]) => Promise<unknown>,
  entry = racedEntry,
): Promise<OldReads> {
  const { a, b, source } = await openTwo(stage);
  const held = source.holdLoad();
  const older = a.get(racedKey, held.load, entry);
  await held.started;
  source.change();
  await invalidate([a, b]);
  await finish(held.release, older);
  return stage.watch({ a, b }, source, entry);
}

/** Lets the old value arrive, after the news of its end has had its time. */
async function finish(release: () => void, older: Promise<unknown>): Promise<void> {
  await sleep(deliveryMs);
  release();
  // Whether the reader that began before the change gets its old value, a new one or an error is its own matter.
  await settleWithin(() => older, patienceMs);
  await sleep(deliveryMs);
}
