/** How a promise ended within its time. */
export type Settled<T> =
  | { readonly state: 'answered'; readonly value: T; readonly tookMs: number }
  | { readonly state: 'threw'; readonly error: unknown; readonly tookMs: number }
  | { readonly state: 'waiting'; readonly tookMs: number };

/** Waits for a call, but not for longer than `withinMs` milliseconds; the call itself goes on. Never rejects. */
export async function settleWithin<T>(call: () => Promise<T>, withinMs: number): Promise<Settled<T>> {
  const startMs = performance.now();
  const tookMs = () => Math.round(performance.now() - startMs);
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Settled<T>>((resolve) => {
    timer = setTimeout(() => resolve({ state: 'waiting', tookMs: tookMs() }), withinMs);
  });
  const settled = attempt(call).then(
    (value): Settled<T> => ({ state: 'answered', value, tookMs: tookMs() }),
    (error): Settled<T> => ({ state: 'threw', error, tookMs: tookMs() }),
  );
  const first = await Promise.race([settled, timeout]);
  clearTimeout(timer);
  return first;
}

/** So that a call that throws at once is like one that rejects. */
async function attempt<T>(call: () => Promise<T>): Promise<T> {
  return call();
}
