import type { CacheInternals } from '../internal-types';
import { nameOf } from '../log/names';
import type { MemoryEntry } from '../memory/memory-types';

/** Names that one entry may come to have; with more, the log is asked each time. */
const maxNames = 200;

/**
 * Makes an entry of memory hang on tags that only its reader knows, so that the log is asked about them once.
 *
 * @returns whether none of them was invalidated since the entry was made; not where nobody can say
 */
export async function hangOn(
  { log, memory, view }: CacheInternals,
  key: string,
  entry: MemoryEntry,
  tags: readonly string[],
): Promise<boolean> {
  const missing = tags.map(nameOf.tag).filter((text) => !entry.names.some((name) => name.text === text));
  if (missing.length === 0) return true;
  // Held before the question, so that no invalidation falls between.
  const held = missing.map((text) => view.names.hold(text));
  const check = await log.check(missing);
  const isSince = check !== undefined && check.invalidatedAt <= entry.stamp;
  if (isSince && memory.get(key) === entry && entry.names.length + held.length <= maxNames) {
    entry.names.push(...held);
    entry.checkedTick = -1;
  } else {
    view.names.release(held);
  }
  return isSince;
}
