/** What happened to messages of channels. Counters never go back. */
export interface ChannelCounters {
  spans: number;
  events: number;
  /** Events over the cap of their span. */
  droppedEvents: number;
  /** Messages that could not be read. */
  failures: number;
}

/** A subscriber that throws would be an uncaught exception: this one is counted instead. */
export function guarded<Result>(
  counters: ChannelCounters,
  work: (message: object) => Result,
): (message: unknown) => Result | undefined {
  return (message) => {
    try {
      return work(message as object);
    } catch {
      counters.failures += 1;
      return undefined;
    }
  };
}
