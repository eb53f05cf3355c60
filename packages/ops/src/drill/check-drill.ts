import { expects, optionChecks } from '@unite/shared';
import { checkMembers } from '../config/check-members';
import { timerMs } from '../verify/timer-ms';
import type { Drill } from './drill-types';

const { string, function: isFunction } = optionChecks;
const name = expects(
  'one word of letters, digits and dashes, such as "kill-primary"',
  (value) => typeof value === 'string' && /^[a-z0-9]+(-[a-z0-9]+)*$/i.test(value) && value.length <= 60,
);
const targets = expects(
  'a list of 1 to 100 URLs: without any, nobody knows what it would break',
  (value) => Array.isArray(value) && value.length > 0 && value.length <= 100 && value.every(isText),
);

/**
 * @param place as an error names it: `unite.config.ts: drills[2]`
 * @throws TypeError that names the place and what it got
 */
export function checkDrill(place: string, drill: Drill): void {
  checkMembers(place, drill, {
    checks: { name, about: string, targets, timeoutMs: timerMs, run: isFunction },
    required: ['name', 'about', 'targets', 'run'],
  });
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
