import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** Spans that wait, in order and in batches: a bounded queue in which nothing is ever moved span by span. */
export class SpanBatches {
  readonly #maxSpans: number;
  readonly #maxBatchSpans: number;
  #filling: ReadableSpan[] = [];
  /** Full batches, the newest last. */
  #arrived: ReadableSpan[][] = [];
  /** Full batches that arrived before those, the oldest last: taking one from its end costs the same for any length. */
  #next: ReadableSpan[][] = [];
  #size = 0;

  constructor(maxSpans: number, maxBatchSpans: number) {
    this.#maxSpans = maxSpans;
    this.#maxBatchSpans = maxBatchSpans;
  }

  get size(): number {
    return this.#size;
  }

  get hasFullBatch(): boolean {
    return this.#size > this.#filling.length;
  }

  /** @returns whether there was room */
  add(span: ReadableSpan): boolean {
    if (this.#size >= this.#maxSpans) return false;
    this.#size += 1;
    this.#filling.push(span);
    if (this.#filling.length >= this.#maxBatchSpans) {
      this.#arrived.push(this.#filling);
      this.#filling = [];
    }
    return true;
  }

  /** The oldest batch that is full. */
  takeFull(): ReadableSpan[] | undefined {
    if (this.#next.length === 0) {
      this.#next = this.#arrived.reverse();
      this.#arrived = [];
    }
    const batch = this.#next.pop();
    this.#size -= batch?.length ?? 0;
    return batch;
  }

  /** The batch that is not full yet, unless it is empty. Its spans are the newest. */
  takeRest(): ReadableSpan[] | undefined {
    if (this.#filling.length === 0) return undefined;
    const batch = this.#filling;
    this.#filling = [];
    this.#size -= batch.length;
    return batch;
  }

  clear(): void {
    this.#filling = [];
    this.#arrived = [];
    this.#next = [];
    this.#size = 0;
  }
}
