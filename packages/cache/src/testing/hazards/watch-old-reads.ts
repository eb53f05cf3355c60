import { setTimeout as sleep } from 'node:timers/promises';

/** Options of {@link watchOldReads}, in milliseconds. */
export interface WatchOptions {
  /** Longest time. */
  readonly forMs: number;
  /** Between two reads of one reader. @default 20 */
  readonly everyMs?: number | undefined;
  /** The watch ends when every reader has got another value and none the old one for so long. @default 300 */
  readonly calmMs?: number | undefined;
}

/** What the readers saw. */
export interface OldReads {
  /** Start of the last read that gave the old value, in milliseconds since the watch began. */
  readonly lastOldAtMs: number | undefined;
  /** Whether it was still served when the watch ended. */
  readonly toTheEnd: boolean;
  /** Reads that returned. */
  readonly reads: number;
  /** Message of the first read that threw. */
  readonly threw: string | undefined;
}

/**
 * Reads again and again, by several readers beside each other, and notes until when the old value is served. A
 * read counts from its start: what it gives then must not be older than the bound. One that does not return
 * holds up its own reader alone.
 */
export async function watchOldReads(
  readers: Readonly<Record<string, () => Promise<unknown>>>,
  oldValue: unknown,
  { forMs, everyMs = 20, calmMs = 300 }: WatchOptions,
): Promise<OldReads> {
  const startMs = performance.now();
  const sinceStartMs = () => performance.now() - startMs;
  const lastOld = new Map<string, number>();
  const gotAnother = new Set<string>();
  let reads = 0;
  let threw: string | undefined;
  let over = false;

  const watch = async (name: string, read: () => Promise<unknown>): Promise<void> => {
    while (!over) {
      const atMs = sinceStartMs();
      try {
        const value = await read();
        if (over) return;
        if (value === oldValue) lastOld.set(name, atMs);
        else gotAnother.add(name);
      } catch (error) {
        threw ??= String(error);
      }
      reads += 1;
      await sleep(everyMs);
    }
  };
  for (const [name, read] of Object.entries(readers)) void watch(name, read);

  const lastOldAtMs = () => (lastOld.size === 0 ? undefined : Math.max(...lastOld.values()));
  const isCalm = () =>
    gotAnother.size === Object.keys(readers).length && sinceStartMs() - (lastOldAtMs() ?? 0) >= calmMs;
  while (sinceStartMs() < forMs && !isCalm()) await sleep(everyMs);
  over = true;
  const last = lastOldAtMs();
  return {
    lastOldAtMs: last === undefined ? undefined : Math.round(last),
    toTheEnd: last !== undefined && sinceStartMs() - last < calmMs,
    reads,
    threw,
  };
}
