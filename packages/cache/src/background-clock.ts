import type { Clock } from '@unite/core';
import { systemClock } from '@unite/shared';

/** A longer timer would end at once. */
const maxTimerMs = 2 ** 31 - 1;

/** The machine's time, whose waits do not keep a process alive that has nothing else to do. */
export const backgroundClock: Clock = {
  ...systemClock,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer = setTimeout(finish, Math.min(ms, maxTimerMs));
      timer.unref();
      signal?.addEventListener('abort', cancel, { once: true });

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
