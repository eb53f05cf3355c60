/** A longer timer would end at once. */
const maxTimerMs = 2 ** 31 - 1;

/** The machine's time; the shape is `Clock` of `@unite/core`. */
export const systemClock = {
  wallMs: (): number => Date.now(),
  monotonicMs: (): number => performance.now(),
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer = setTimeout(finish, Math.min(ms, maxTimerMs));
      signal?.addEventListener('abort', cancel, { once: true });

      function finish(): void {
        signal?.removeEventListener('abort', cancel);
        resolve();
      }
      function cancel(): void {
        clearTimeout(timer);
        reject(signal?.reason);
      }
    });
  },
};
