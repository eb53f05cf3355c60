import type { CacheInternals } from '../internal-types';
import { nameOf } from '../log/names';
import { estimateBytes } from '../memory/estimate-bytes';
import type { Flight } from './flight';

/** What an entry takes beside its value: its fields and its place in the list. */
const entryBytes = 600;
/** What each name takes that it hangs on, beside its text. */
const nameBytes = 120;

interface Kept {
  readonly value: unknown;
  readonly stamp: number;
  readonly loadedAtMs: number;
  readonly confirmedAtMs: number;
  readonly freshUntilMs: number;
  readonly loadMs: number;
  readonly extraTags?: readonly string[] | undefined;
}

/** Keeps a value in memory, under the names of the read that it comes from. */
export function keepEntry(
  { memory, view }: CacheInternals,
  { key, tags, names }: Pick<Flight<unknown>, 'key' | 'tags' | 'names'>,
  { value, stamp, loadedAtMs, confirmedAtMs, freshUntilMs, loadMs, extraTags = [] }: Kept,
): void {
  const held = [...names.map(({ text }) => text), ...extraTags.map(nameOf.tag)].map((text) =>
    view.names.hold(text),
  );
  // The text is there twice: as the key or the tag, and as the name.
  const namesBytes = held.reduce((sum, { text }) => sum + nameBytes + 2 * text.length, 0);
  const bytes = entryBytes + namesBytes + measured(value);
  // Field by field: objects that are spread have each a shape of their own, which makes the hot path several times slower.
  const isKept = memory.set(key, {
    value,
    promise: Promise.resolve(value),
    stamp,
    generation: view.generation,
    names: held,
    tags: extraTags.length > 0 ? [...tags, ...extraTags] : tags,
    loadedAtMs,
    confirmedAtMs,
    freshUntilMs,
    loadMs,
    bytes,
    // Looked at with the first read: an extra tag may have been invalidated already.
    checkedTick: -1,
  });
  if (!isKept) view.names.release(held);
}

/** A value too deep to walk through, or with a getter that throws, is served and not kept. */
function measured(value: unknown): number {
  try {
    return estimateBytes(value);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
