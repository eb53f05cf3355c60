import type { SamplingDecision } from '../pipeline-types';

/** The last decisions by trace id; the oldest are forgotten. */
export class PastDecisions {
  readonly #byTraceId = new Map<string, SamplingDecision>();
  // A ring: finding the first key of a Map from which much was deleted takes longer the more there was.
  readonly #traceIds: string[] = [];
  readonly #max: number;
  #next = 0;

  constructor(max: number) {
    this.#max = max;
  }

  of(traceId: string): SamplingDecision | undefined {
    return this.#byTraceId.get(traceId);
  }

  /** One trace may have several local roots here: it counts as kept when one of them is. */
  note(traceId: string, decision: SamplingDecision): void {
    const before = this.#byTraceId.get(traceId);
    if (before === undefined) this.#makeRoomFor(traceId);
    if (before !== 'kept') this.#byTraceId.set(traceId, decision);
  }

  #makeRoomFor(traceId: string): void {
    const oldest = this.#traceIds[this.#next];
    if (oldest !== undefined) this.#byTraceId.delete(oldest);
    this.#traceIds[this.#next] = traceId;
    this.#next = (this.#next + 1) % this.#max;
  }
}
