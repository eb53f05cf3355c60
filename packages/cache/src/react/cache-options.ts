import { checkOptions, expects, optionChecks } from '@unite/shared';
import type { CacheSettings } from './store-types';
import type { CacheOptions } from './types';

const defaultSettings: CacheSettings = Object.freeze({
  staleMs: 2_000,
  revalidateOnFocus: true,
  revalidateOnReconnect: true,
  refreshEveryMs: Number.POSITIVE_INFINITY,
  refreshWhenHidden: false,
  keepPreviousData: false,
  suspense: false,
  retries: 3,
  retryDelayMs: 1_000,
  maxRetryDelayMs: 30_000,
  shouldRetry: () => true,
});

const isDuration = (value: unknown): value is number => typeof value === 'number' && value >= 0;

/** A duration that is only compared with. */
export const durationCheck = expects('a number of milliseconds, 0 or more', isDuration);

/** A browser's timer holds at most this; a longer one fires at once. */
const maxTimerMs = 2 ** 31 - 1;
const isTimer = (value: unknown): boolean => isDuration(value) && value >= 1 && value <= maxTimerMs;
const timerDemand = `a number of milliseconds from 1 to ${maxTimerMs}`;
const timerCheck = expects(timerDemand, isTimer);

const checks = {
  staleMs: durationCheck,
  revalidateOnFocus: optionChecks.boolean,
  revalidateOnReconnect: optionChecks.boolean,
  refreshEveryMs: expects(
    `${timerDemand}, or Infinity`,
    (value) => isTimer(value) || value === Number.POSITIVE_INFINITY,
  ),
  refreshWhenHidden: optionChecks.boolean,
  keepPreviousData: optionChecks.boolean,
  suspense: optionChecks.boolean,
  retries: expects('a whole number, 0 or more', (value) => Number.isInteger(value) && isDuration(value)),
  retryDelayMs: timerCheck,
  maxRetryDelayMs: timerCheck,
  shouldRetry: optionChecks.function,
};

/**
 * Checks options and fills in what they leave out.
 *
 * @param owner whose options, for the error
 * @throws TypeError for an option that is unknown or malformed
 */
export function settingsFrom(owner: string, options: CacheOptions, base = defaultSettings): CacheSettings {
  checkOptions(owner, options, checks);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...base, ...Object.fromEntries(given) };
}
