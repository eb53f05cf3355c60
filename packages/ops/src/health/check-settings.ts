import { checkOptions, expects, optionChecks } from '@unite/shared';
import { groupName } from './group-name';
import type { CheckFunction, HealthCheck } from './health-types';
import type { CheckSettings } from './running-check';

const defaults = Object.freeze({ group: 'ready', timeoutMs: 800, maxAgeMs: 1_000 });

const isGroup = expects(
  'lower-case letters, digits and hyphens, and not "live" or "startup", which depend on no check',
  (value) => typeof value === 'string' && groupName.test(value) && value !== 'live' && value !== 'startup',
);

/**
 * A check with everything that is not said.
 *
 * @throws TypeError for an option that is unknown or malformed
 */
export function checkSettings(name: string, check: HealthCheck | CheckFunction): CheckSettings {
  const given = typeof check === 'function' ? { run: check } : check;
  checkOptions(
    `createLifecycle: check "${name}"`,
    given,
    {
      run: optionChecks.function,
      group: isGroup,
      timeoutMs: optionChecks.positive,
      maxAgeMs: expects('a number, zero or more', (value) => typeof value === 'number' && value >= 0),
    },
    ['run'],
  );
  return {
    run: (signal) => given.run(signal),
    group: given.group ?? defaults.group,
    timeoutMs: given.timeoutMs ?? defaults.timeoutMs,
    maxAgeMs: given.maxAgeMs ?? defaults.maxAgeMs,
  };
}
