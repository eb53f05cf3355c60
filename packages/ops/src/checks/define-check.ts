import { expects, optionChecks } from '@unite/shared';
import type { CheckResult, HealthCheck } from '../health/health-types';
import { needsChecks } from '../health/needs-checks';
import type { CheckOptions } from './check-types';

/** One check for each of {@link CheckOptions}. */
export const commonChecks = {
  group: needsChecks.needs,
  timeoutMs: optionChecks.positive,
  maxAgeMs: expects('a number, zero or more', (value) => typeof value === 'number' && value >= 0),
};

const defaultTimeoutMs = 800;

/** Of the time for a check, what it waits for an answer: the rest is for saying what it waited for. */
const waitingShare = 0.9;

/**
 * A check with the common options.
 *
 * @param look is told how long it may wait, in milliseconds
 */
export function defineCheck(
  { group, timeoutMs = defaultTimeoutMs, maxAgeMs }: CheckOptions,
  look: (signal: AbortSignal, waitMs: number) => CheckResult | Promise<CheckResult>,
): HealthCheck {
  const waitMs = Math.ceil(timeoutMs * waitingShare);
  return { run: (signal) => look(signal, waitMs), group, timeoutMs, maxAgeMs };
}
