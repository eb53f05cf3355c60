import type { Clock } from '@unite/core';
import type { SetUpFinding } from './check-types';
import { warnOfFindings } from './warn-of-findings';

/** By then an application has loaded its drivers, and the first spans have been sent. */
const afterMs = 10_000;

/** Looks once, soon after the start, and warns of each trouble with its fix. */
export async function scheduleSelfCheck(
  check: () => readonly SetUpFinding[],
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  try {
    await clock.sleep(afterMs, signal);
  } catch {
    return;
  }
  warnOfFindings(check());
}
