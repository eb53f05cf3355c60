import { LRUCache } from 'lru-cache';
import { CacheError } from '../errors';
import type { RemoteConnection } from '../remote-types';
import type { TagGraph } from '../types';
import { checkedTags, checkTag } from './checked-tags';

/** For how long a link counts after it was made last, in milliseconds. */
const linkTtlMs = 7 * 86_400_000;
/** Causes whose links are remembered, and effects of one cause. */
const maxCauses = 10_000;
const maxEffects = 3_000;

/** The links that this process knows, which it follows even where the others cannot be told. */
export class LinkedTags implements TagGraph {
  readonly #effects = new LRUCache<string, Set<string>>({ max: maxCauses });
  readonly #remote: RemoteConnection | undefined;
  readonly #isDown: () => boolean;

  constructor(remote: RemoteConnection | undefined, isDown: () => boolean) {
    this.#remote = remote;
    this.#isDown = isDown;
  }

  async link(cause: string, effect: string): Promise<void> {
    checkTag(cause);
    checkTag(effect);
    refuseCycle(cause, this.#way(effect, cause));
    const effects = this.#effects.get(cause) ?? new Set();
    if (effects.size >= maxEffects && !effects.has(effect)) {
      throw new CacheError('UNITE_CACHE_TAG_FAN_OUT', `${maxEffects} tags follow from "${cause}" already`);
    }
    this.#effects.set(cause, effects.add(effect));
    if (!this.#remote) return;
    if (this.#isDown())
      throw new CacheError('UNITE_CACHE_REMOTE_FAILED', 'no other process knows the link: Redis is down');
    const way = await this.#remote.link(cause, effect, linkTtlMs);
    if (way) effects.delete(effect);
    refuseCycle(cause, way);
  }

  async unlink(cause: string, effect: string): Promise<void> {
    this.#effects.get(cause)?.delete(effect);
    await this.#remote?.unlink(cause, effect);
  }

  rule<Thing>(
    kind: string,
    effects: (thing: Thing) => readonly string[],
    idOf: (thing: Thing) => string | number = (thing) => (thing as { id: string | number }).id,
  ): (thing: Thing) => readonly string[] {
    checkTag(kind);
    return (thing) => {
      const tag = `${kind}:${idOf(thing)}`;
      const following = checkedTags(effects(thing));
      const way = following.map((effect) => this.#way(effect, tag)).find((each) => each !== undefined);
      refuseCycle(tag, way);
      return [tag, ...following];
    };
  }

  /** The tags with all that follow from them. */
  expand(tags: readonly string[]): readonly string[] {
    const all = new Set(tags);
    for (const tag of all) {
      for (const effect of this.#effects.get(tag) ?? []) all.add(effect);
    }
    return [...all];
  }

  /** How one tag leads to another, if it does. */
  #way(from: string, to: string): readonly string[] | undefined {
    const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
    for (const tag of cameFrom.keys()) {
      if (tag === to) return backFrom(tag, cameFrom);
      for (const effect of this.#effects.peek(tag) ?? []) {
        if (!cameFrom.has(effect)) cameFrom.set(effect, tag);
      }
    }
    return undefined;
  }
}

function backFrom(end: string, cameFrom: ReadonlyMap<string, string | undefined>): readonly string[] {
  const way = [];
  for (let tag: string | undefined = end; tag !== undefined; tag = cameFrom.get(tag)) way.unshift(tag);
  return way;
}

/** @throws CacheError `UNITE_CACHE_TAG_CYCLE` */
function refuseCycle(cause: string, way: readonly string[] | undefined): void {
  if (!way) return;
  const circle = [cause, ...way].join(' → ');
  throw new CacheError('UNITE_CACHE_TAG_CYCLE', `a tag would follow from itself: ${circle}`);
}
