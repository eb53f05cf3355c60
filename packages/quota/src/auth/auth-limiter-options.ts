import { checkOptions, expects, optionChecks, systemClock } from '@unite/shared';
import type { AuthLimiterOptions, Backoff, BackoffOptions } from './auth-types';

const longestWaitMs = 30 * 24 * 3_600_000;

const defaults = Object.freeze({
  name: 'login',
  account: Object.freeze({ freeAttempts: 5, firstWaitMs: 1_000, maxWaitMs: 900_000 }),
  address: Object.freeze({ freeAttempts: 20, firstWaitMs: 1_000, maxWaitMs: 900_000 }),
  storeTimeoutMs: 50,
  clock: systemClock,
});

/** The options with every default. @throws TypeError */
export function authLimiterOptions(options: AuthLimiterOptions) {
  const owner = 'createAuthLimiter';
  const check = {
    store: expects('a store, such as memoryStore()', isStore),
    name: expects(
      'up to 32 letters, digits, _ and -',
      (value) => typeof value === 'string' && /^[\w-]{1,32}$/.test(value),
    ),
    account: optionChecks.object,
    address: optionChecks.object,
    storeTimeoutMs: expects(
      'a number above 0 and at most 1,000',
      (value) => typeof value === 'number' && value > 0 && value <= 1_000,
    ),
    clock: optionChecks.object,
  };
  checkOptions(owner, options, check, ['store']);
  return {
    store: options.store,
    name: options.name ?? defaults.name,
    account: backoffOptions(`${owner}: account`, options.account, defaults.account),
    address: backoffOptions(`${owner}: address`, options.address, defaults.address),
    storeTimeoutMs: options.storeTimeoutMs ?? defaults.storeTimeoutMs,
    clock: options.clock ?? defaults.clock,
  };
}

function backoffOptions(owner: string, given: BackoffOptions = {}, fallback: Backoff): Backoff {
  const waitMs = wholeNumber(1, longestWaitMs);
  checkOptions(owner, given, {
    freeAttempts: wholeNumber(0, 1_000_000),
    firstWaitMs: waitMs,
    maxWaitMs: waitMs,
  });
  const {
    freeAttempts = fallback.freeAttempts,
    firstWaitMs = fallback.firstWaitMs,
    maxWaitMs = fallback.maxWaitMs,
  } = given;
  if (firstWaitMs > maxWaitMs) {
    throw new TypeError(
      `${owner}: option "firstWaitMs" must be at most maxWaitMs (${maxWaitMs}), got ${firstWaitMs}`,
    );
  }
  return { freeAttempts, firstWaitMs, maxWaitMs };
}

function wholeNumber(least: number, most: number) {
  return expects(`a whole number from ${least} to ${most}`, (value) => {
    return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
  });
}

function isStore(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const store = value as Readonly<Record<string, unknown>>;
  return ['decide', 'adjust', 'read'].every((name) => typeof store[name] === 'function');
}
