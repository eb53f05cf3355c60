/** Traces that are remembered, to know a late span by its parent. */
const maxTraces = 1_000;
const maxSpansPerTrace = 1_000;

/** Which spans were written lately. */
export class PrintedTraces {
  readonly #spanIds = new Map<string, Set<string>>();

  add(traceId: string, spanId: string): void {
    const spanIds = this.#spanIds.get(traceId) ?? this.#remember(traceId);
    if (spanIds.size < maxSpansPerTrace) spanIds.add(spanId);
  }

  has(traceId: string, spanId: string | undefined): boolean {
    return spanId !== undefined && (this.#spanIds.get(traceId)?.has(spanId) ?? false);
  }

  #remember(traceId: string): Set<string> {
    if (this.#spanIds.size >= maxTraces) {
      const [oldest] = this.#spanIds.keys();
      if (oldest !== undefined) this.#spanIds.delete(oldest);
    }
    const spanIds = new Set<string>();
    this.#spanIds.set(traceId, spanIds);
    return spanIds;
  }
}
