import type { CacheInternals } from '../internal-types';
import { nameOf } from '../log/names';
import { estimateBytes } from '../memory/estimate-bytes';
import type { Flight } from './flight';

/** What an entry takes beside its value: its fields, its names, its place in the list. */
const entryBytes = 600;
const tagBytes = 120;

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
  const bytes = entryBytes + 2 * key.length + held.length * tagBytes + estimateBytes(value);
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
