import { checkOptions, expects, optionChecks } from '@unite/shared';
import type { CacheSettings } from './store-types';
import type { CacheOptions } from './types';

const defaultSettings: CacheSettings = Object.freeze({
  staleMs: 2_000,
  refreshEveryMs: 0,
  revalidateOnFocus: true,
  revalidateOnReconnect: true,
  refreshWhenHidden: false,
  keepPreviousData: false,
  suspense: false,
  retries: 3,
  retryDelayMs: 1_000,
  maxRetryDelayMs: 30_000,
  shouldRetry: () => true,
});

export const amountCheck = expects('a number, 0 or more', (value) => typeof value === 'number' && value >= 0);

const checks = {
  staleMs: amountCheck,
  refreshEveryMs: amountCheck,
  revalidateOnFocus: optionChecks.boolean,
  revalidateOnReconnect: optionChecks.boolean,
  refreshWhenHidden: optionChecks.boolean,
  keepPreviousData: optionChecks.boolean,
  suspense: optionChecks.boolean,
  retries: amountCheck,
  retryDelayMs: amountCheck,
  maxRetryDelayMs: amountCheck,
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
