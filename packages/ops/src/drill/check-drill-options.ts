import { checkOptions, expects, optionChecks } from '@unite/shared';
import { timerMs } from '../verify/timer-ms';
import { checkDrill } from './check-drill';
import type { RunDrillsOptions } from './scorecard-types';

const mostDrills = 100;

const { object, function: isFunction } = optionChecks;
const drills = expects(
  `a list of 1 to ${mostDrills} drills`,
  (value) => Array.isArray(value) && value.length > 0 && value.length <= mostDrills,
);
const names = expects(
  'a list of names',
  (value) => Array.isArray(value) && value.every((one) => typeof one === 'string' && one !== ''),
);
const signal = expects('an AbortSignal', (value) => value instanceof AbortSignal);

/** @throws TypeError that names the option and what it got */
export function checkDrillOptions(options: RunDrillsOptions): void {
  checkOptions(
    'runDrills',
    options,
    {
      drills,
      only: names,
      allowTargets: names,
      undoTimeoutMs: timerMs,
      signal,
      onProgress: isFunction,
      lookup: isFunction,
      clock: object,
    },
    ['drills'],
  );
  for (const [at, drill] of options.drills.entries()) {
    checkDrill(`runDrills: drills[${at}]`, drill);
    const first = options.drills.findIndex(({ name }) => name === drill.name);
    if (first !== at) {
      throw new TypeError(`runDrills: drills[${at}] has the name of drills[${first}], "${drill.name}"`);
    }
  }
}
