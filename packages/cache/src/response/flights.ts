/** What is under way, for those who want the same: one computation in a process (RFC 9211 §2.6, "collapsed"). */
export class Flights<Value> {
  readonly #underWay = new Map<string, Promise<Value | undefined>>();

  /** What will come of it; `undefined` where nothing is under way. */
  join(key: string): Promise<Value | undefined> | undefined {
    return this.#underWay.get(key);
  }

  /**
   * Begins one, unless another is under way: then this one is nobody's concern.
   *
   * @returns ends it, with what came of it, or with nothing for those who wait to see for themselves
   */
  begin(key: string): (value?: Value) => void {
    if (this.#underWay.has(key)) return () => undefined;
    const { promise, settle } = settleable<Value | undefined>();
    this.#underWay.set(key, promise);
    return (value) => {
      if (this.#underWay.get(key) === promise) this.#underWay.delete(key);
      settle(value);
    };
  }
}

/** The promise's value, or nothing once the signal aborts: whoever waits has a deadline of their own. */
export async function untilAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value | undefined> {
  if (!signal) return await promise;
  if (signal.aborted) return undefined;
  const aborted = settleable<undefined>();
  const stop = () => aborted.settle(undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function settleable<Value>(): { promise: Promise<Value>; settle: (value: Value) => void } {
  let settle: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}
