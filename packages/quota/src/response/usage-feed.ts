import type { Clock } from '@unite/core';
import type { UsageReport } from '../types';
import { usageDocument } from './usage-document';
import { UsageViewer, type ViewerTimes } from './usage-viewer';

export interface FeedOptions extends ViewerTimes {
  /** Pause between two reads, in milliseconds. */
  readonly pollMs: number;
  readonly clock: Clock;
  /** A viewer has left. */
  readonly onLeave: () => void;
}

/** What moves by itself, although nothing was used. */
const moving: ReadonlySet<string> = new Set([
  'atMs',
  'resetAtMs',
  'forecast',
  'exhaustedAtMs',
  'forecastNanoUsd',
  'forecastUsd',
]);

/** One tenant's usage over time: read once for all who watch it, as long as somebody does. */
export class UsageFeed {
  readonly #options: FeedOptions;
  readonly #viewers = new Set<UsageViewer>();
  readonly #emptied = new AbortController();
  #reader: (() => Promise<UsageReport>) | undefined;
  /** The first read. */
  #ready: Promise<void> | undefined;
  #isReading = false;
  #event: string | undefined;
  #state = '';

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /**
   * A new viewer, which counts from now on.
   *
   * @param reader reads how the tenant stands; from now on for all, since the newest viewer knows the newest plan
   * @throws what the first read fails with
   */
  async join(reader: () => Promise<UsageReport>): Promise<UsageViewer> {
    const nowMs = this.#nowMs();
    const viewer = new UsageViewer(this.#options, nowMs, () => this.#leave(viewer));
    this.#viewers.add(viewer);
    this.#reader = reader;
    if (this.#event !== undefined) viewer.show(this.#event, nowMs);
    this.#ready ??= this.#begin();
    try {
      await this.#ready;
      return viewer;
    } catch (error) {
      viewer.close();
      throw error;
    }
  }

  /** Ends all streams. */
  close(): void {
    for (const viewer of [...this.#viewers]) viewer.close();
  }

  #begin(): Promise<void> {
    void this.#run();
    return this.#read();
  }

  async #run(): Promise<void> {
    const { signal } = this.#emptied;
    while (!signal.aborted) {
      await this.#options.clock.sleep(this.#options.pollMs, signal).catch(() => undefined);
      for (const viewer of [...this.#viewers]) viewer.tick(this.#nowMs());
      // While it cannot be read, what was sent stays; who connects anew is told.
      if (!signal.aborted && !this.#isReading) void this.#read().catch(() => undefined);
    }
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    try {
      const document = usageDocument(await (this.#reader as () => Promise<UsageReport>)());
      const state = JSON.stringify(document, (key, value) => (moving.has(key) ? undefined : value));
      if (state === this.#state) return;
      this.#state = state;
      this.#event = `id: ${document.atMs}\ndata: ${JSON.stringify(document)}\n\n`;
      for (const viewer of this.#viewers) viewer.show(this.#event, this.#nowMs());
    } finally {
      this.#isReading = false;
    }
  }

  #leave(viewer: UsageViewer): void {
    this.#viewers.delete(viewer);
    if (this.#viewers.size === 0) this.#emptied.abort();
    this.#options.onLeave();
  }

  #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }
}
