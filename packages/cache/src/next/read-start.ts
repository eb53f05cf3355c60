type Reading = Promise<ReadableStreamReadResult<Uint8Array>>;

/** What of a body was there at once, and where the rest comes from. */
export interface BodyStart {
  readonly chunks: readonly Uint8Array[];
  /** Absent when that was all. */
  readonly rest?: {
    /** The read that has begun. */
    readonly next: Reading;
    readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  };
}

const notYet = Symbol('not yet');

/**
 * Reads as much of a body as is there at once, up to a limit: all of one that was made from a value, the first part
 * of one that is still being made. Nobody waits for a stream that takes its time.
 */
export async function readStart(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<BodyStart> {
  const chunks: Uint8Array[] = [];
  if (!body) return { chunks };
  const reader = body.getReader();
  let bytes = 0;
  for (;;) {
    const next = reader.read();
    // Its failure is for whoever reads on.
    next.catch(() => undefined);
    const result =
      bytes > maxBytes ? notYet : await Promise.race([next, afterThisTurn()]).catch(() => notYet);
    if (result === notYet) return { chunks, rest: { next, reader } };
    const { done, value } = result as ReadableStreamReadResult<Uint8Array>;
    if (done) return { chunks };
    chunks.push(value);
    bytes += value.byteLength;
  }
}

/** After all that is ready in this turn of the event loop. */
function afterThisTurn(): Promise<typeof notYet> {
  return new Promise((resolve) => {
    setImmediate(resolve, notYet);
  });
}
