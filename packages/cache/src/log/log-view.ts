import { keyMatcher } from '../key/key-pattern';
import type { MemoryEntry } from '../memory/memory-types';
import type { Name, Names } from './names';

/** What this process knows of the invalidation log, and what it may serve by that. */
export class LogView {
  readonly names: Names;
  /**
   * Longest time since the log was read to its end for which memory is trusted, in milliseconds; `Infinity` where
   * nobody else invalidates.
   */
  readonly trustMs: number;
  /** The newest position known. What this process invalidates counts at once, before the log has taken it. */
  position = 0;
  /** Moves when something that is held here was invalidated. */
  tick = 0;
  /** Moves when everything known has become worthless. */
  generation = 0;
  /** Set by whoever serves from memory; the log is read more often then. */
  isUsed = false;
  /** When the read began that found nothing more in the log, monotonic. */
  syncedAtMs = Number.NEGATIVE_INFINITY;
  /** Positions from which on remote entries are trusted. */
  trustFrom = 0;
  trustFromUntilMs = Number.NEGATIVE_INFINITY;

  constructor(names: Names, trustMs: number) {
    this.names = names;
    this.trustMs = trustMs;
  }

  /** Takes note of an invalidation, in whatever order they come. */
  invalidate(names: readonly string[], position: number): void {
    this.position = Math.max(this.position, position);
    for (const text of names) {
      const isHeld = text.startsWith('p')
        ? this.#invalidateMatching(text.slice(1), position)
        : this.names.invalidate(text, position);
      if (isHeld) this.tick += 1;
    }
  }

  /** An invalidation of this process, before the log has given it a position. */
  invalidateNow(names: readonly string[]): void {
    this.invalidate(names, this.position + 1);
  }

  /** Everything known is worthless: the log was lost, or was out of reach for too long. */
  distrust(): void {
    this.generation += 1;
    this.tick += 1;
  }

  /** Whether nothing that an entry hangs on was invalidated since. */
  isCurrent(entry: MemoryEntry): boolean {
    if (entry.checkedTick === this.tick) return true;
    if (entry.generation !== this.generation || !isSince(entry.names, entry.stamp)) return false;
    entry.checkedTick = this.tick;
    return true;
  }

  /** Whether an invalidation that is older than the bound would be known. */
  isTrusted(confirmedAtMs: number, nowMs: number): boolean {
    return nowMs - this.syncedAtMs <= this.trustMs || nowMs - confirmedAtMs <= this.trustMs;
  }

  /** Whether a remote entry with this stamp may be used. */
  trustsStamp(stamp: number, nowMs: number): boolean {
    return stamp >= this.trustFrom || nowMs > this.trustFromUntilMs;
  }

  #invalidateMatching(pattern: string, position: number): boolean {
    const matches = keyMatcher(pattern);
    let isHeld = false;
    for (const { key, name } of this.names.keys()) {
      if (!matches(key)) continue;
      name.invalidatedAt = Math.max(name.invalidatedAt, position);
      isHeld = true;
    }
    return isHeld;
  }
}

/** Whether none of these names was invalidated after a position. */
export function isSince(names: readonly Name[], position: number): boolean {
  for (const name of names) {
    if (name.invalidatedAt > position) return false;
  }
  return true;
}
