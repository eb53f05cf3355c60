import type { UseCacheEntry } from './next-types';

/** An entry with its bytes in place of the stream, which can be read only once. */
export interface StoredUseCacheEntry extends Omit<UseCacheEntry, 'value'> {
  readonly bytes: Uint8Array;
}

/**
 * Reads an entry's stream to its end.
 *
 * @returns nothing when it is larger than `maxBytes`; the rest is not read
 * @throws what the stream fails with: a part of an entry is none
 */
export async function readEntry(
  { value, tags, stale, timestamp, expire, revalidate }: UseCacheEntry,
  maxBytes: number,
): Promise<StoredUseCacheEntry | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = value.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    chunks.push(read.value);
    length += read.value.byteLength;
    if (length > maxBytes) {
      await reader.cancel();
      return undefined;
    }
  }
  return { bytes: Buffer.concat(chunks), tags: [...tags], stale, timestamp, expire, revalidate };
}

/** The entry with a stream of its own. */
export function streamEntry({ bytes, tags, ...times }: StoredUseCacheEntry): UseCacheEntry {
  const value = new ReadableStream<Uint8Array>({
    start(controller) {
      // A copy: streams may hand their memory on.
      controller.enqueue(new Uint8Array(bytes));
      controller.close();
    },
  });
  return { value, tags: [...tags], ...times };
}
