import type { LogMark, SyncReply } from '../remote-types';

type Append = readonly [id: string, position: number];

/**
 * What the log has taken from this process and not shown yet. A failover or a restart may lose it: whoever has read
 * it notices that by the place where he stands; before anybody has, only the one who wrote it knows.
 */
export class UnseenAppends {
  readonly #positions = new Map<string, number>();

  add({ id, position }: LogMark): void {
    this.#positions.set(id, position);
  }

  /** Those that the answer to a question which is asked now must show. */
  expected(): readonly Append[] {
    return [...this.#positions];
  }

  /** The last position; 0 when there is none. */
  get latest(): number {
    return Math.max(0, ...this.#positions.values());
  }

  seen(id: string): void {
    this.#positions.delete(id);
  }

  /** What came up to there cannot be told, or does not matter any more. */
  forget(until: LogMark | undefined): void {
    for (const [id, position] of this.#positions) {
      if (until && position <= until.position) this.#positions.delete(id);
    }
  }

  /** Whether a reply should show one of these and does not; what came before everything was made invalid is no loss. */
  isMissing(expected: readonly Append[], { state, entries, more, clearedAt }: SyncReply): boolean {
    if (state !== 'whole' || expected.length === 0) return false;
    const listed = new Set(entries.map(({ mark }) => mark.id));
    const end = more ? (entries.at(-1)?.mark.position ?? 0) : Number.POSITIVE_INFINITY;
    return expected.some(
      ([id, position]) =>
        position > clearedAt && position <= end && !listed.has(id) && this.#positions.has(id),
    );
  }
}
