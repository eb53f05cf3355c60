import type { Clock, Closable } from '@unite/core';
import { checkOptions, describeValue, expects, expectsEach, optionChecks, systemClock } from '@unite/shared';
import type { DrainOptions, LifecycleOptions } from '../types';

/** What a lifecycle is made with, nothing left open. */
export interface LifecycleSettings {
  readonly drain: { readonly [Key in keyof DrainOptions]-?: NonNullable<DrainOptions[Key]> };
  readonly onStart: readonly ((signal: AbortSignal) => unknown)[];
  readonly onDrain: readonly Closable[];
  readonly onShutdown: readonly Closable[];
  readonly clock: Clock;
}

const drainDefaults = Object.freeze({
  readinessGraceMs: 2_000,
  streamsTimeoutMs: 1_000,
  hooksTimeoutMs: 5_000,
  timeoutMs: 25_000,
});

const isDuration = expects(
  'a number of milliseconds, zero or more',
  (value) => typeof value === 'number' && value >= 0 && value < Infinity,
);

const drainChecks = {
  readinessGraceMs: isDuration,
  streamsTimeoutMs: isDuration,
  hooksTimeoutMs: isDuration,
  timeoutMs: optionChecks.positive,
};

const areClosable = expectsEach(
  'an array of what has a close(), such as [{ close: () => pool.end() }]',
  (item) => typeof (item as Partial<Closable> | null | undefined)?.close === 'function',
);

const lifecycleChecks = {
  checks: optionChecks.object,
  drain: optionChecks.object,
  shedding: optionChecks.object,
  onStart: expectsEach('an array of functions', (item) => typeof item === 'function'),
  onDrain: areClosable,
  onShutdown: areClosable,
  clock: optionChecks.object,
  random: optionChecks.function,
};

/**
 * Checks options and fills in what is not said.
 *
 * @throws TypeError that names the option and what it got
 */
export function lifecycleSettings(options: LifecycleOptions): LifecycleSettings {
  checkOptions('createLifecycle', options, lifecycleChecks);
  return {
    drain: drainSettings(options.drain ?? {}),
    onStart: options.onStart ?? [],
    onDrain: options.onDrain ?? [],
    onShutdown: options.onShutdown ?? [],
    // Its waits keep the process alive: it must not end in the middle of its end.
    clock: options.clock ?? systemClock,
  };
}

function drainSettings(options: DrainOptions): LifecycleSettings['drain'] {
  checkOptions('createLifecycle: drain', options, drainChecks);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const drain = { ...drainDefaults, ...given };
  const reserved = drain.readinessGraceMs + drain.hooksTimeoutMs;
  if (reserved >= drain.timeoutMs) {
    throw new TypeError(
      `createLifecycle: drain: option "timeoutMs" must be more than readinessGraceMs and hooksTimeoutMs together (${reserved}), got ${describeValue(drain.timeoutMs)}`,
    );
  }
  return drain;
}
