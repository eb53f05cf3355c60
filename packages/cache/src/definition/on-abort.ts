/**
 * Calls a listener when a signal aborts, until it is taken off by what is returned. The `signal` option of
 * `addEventListener` would do the same, but what it leaves behind lives until the next full collection of garbage: some
 * kilobytes for each load.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}
