import type { Clock } from '@unite/core';
import { expects } from '@unite/shared';

/** Checks the option `clock`. */
export const clockCheck = expects('a clock: wallMs, monotonicMs and sleep', isClock);

function isClock(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { wallMs, monotonicMs, sleep } = value as Partial<Clock>;
  return [wallMs, monotonicMs, sleep].every((member) => typeof member === 'function');
}
