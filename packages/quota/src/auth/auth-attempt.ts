import type { AuthAttempt } from './auth-types';
import { tooManyAttempts } from './too-many-attempts';

/** An attempt that may go on; what was charged is taken back at most once. */
export function allowedAttempt(takeBack: () => Promise<void>): AuthAttempt {
  let settled: Promise<void> | undefined;
  return {
    allowed: true,
    retryAfterMs: 0,
    throwIfRefused() {},
    succeed() {
      settled ??= takeBack();
      return settled;
    },
    fail() {
      settled ??= Promise.resolve();
      return settled;
    },
  };
}

export function refusedAttempt(retryAfterMs: number): AuthAttempt {
  return {
    allowed: false,
    retryAfterMs,
    throwIfRefused() {
      throw tooManyAttempts(retryAfterMs);
    },
    async succeed() {
      throw tooManyAttempts(retryAfterMs);
    },
    async fail() {},
  };
}
