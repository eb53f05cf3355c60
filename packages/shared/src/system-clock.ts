/** A longer timer would end at once, in milliseconds. */
export const maxTimerMs = 2 ** 31 - 1;

/** The machine's time; the shape is `Clock` of `@unite/core`. */
export const systemClock = createClock();

/** The same, whose waits do not keep a process alive that has nothing else to do. */
export const backgroundClock = createClock(true);

/* @__NO_SIDE_EFFECTS__ */
function createClock(isBackground?: boolean) {
  return {
    wallMs: (): number => Date.now(),
    monotonicMs: (): number => performance.now(),
    sleep: (ms: number, signal?: AbortSignal): Promise<void> =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const timer = setTimeout(finish, Math.min(ms, maxTimerMs));
        if (isBackground) timer.unref();
        signal?.addEventListener('abort', cancel);

        function finish(): void {
          signal?.removeEventListener('abort', cancel);
          resolve();
        }
        function cancel(): void {
          clearTimeout(timer);
          reject(signal?.reason);
        }
      }),
  };
}
