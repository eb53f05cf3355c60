import { checkOptions, describeValue, expects } from '@unite/shared';
import type { Slo, SloOptions } from './slo-types';

/**
 * Declares an objective: which share of which requests must be good.
 *
 * @param name one word with dashes, such as `api-latency`
 * @throws TypeError for a name or an option that cannot be
 * @example
 * const slos = [
 *   slo('api-latency', { route: '*', target: 0.99, underMs: 200 }),
 *   slo('checkout-errors', { route: 'POST /api/checkout', target: 0.999 }),
 * ];
 */
export function slo(name: string, options: SloOptions): Slo {
  if (typeof name !== 'string' || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 60) {
    throw new TypeError(
      `slo: name must be lower-case words with dashes, 60 characters at most, got ${describeValue(name)}`,
    );
  }
  checkOptions(`slo "${name}"`, options, checks, ['target']);
  const { route = '*', target, underMs, windowDays = 30 } = options;
  return Object.freeze({ name, route, target, underMs, windowDays });
}

/** Whether something is what `slo` makes, also by another copy of this package. */
export function isSlo(value: unknown): value is Slo {
  const { name, ...options } = Object(value) as Slo;
  try {
    slo(name, options);
    return true;
  } catch {
    return false;
  }
}

const checks = {
  route: expects('"*", or a method and a template such as "GET /api/*"', isRoute),
  target: expects('a share between 0 and 1, such as 0.999', (value) => isBetween(value, 0, 1)),
  // Bounds of buckets are written as decimal numbers by every part of the chain only from 0.1 ms on.
  underMs: expects('milliseconds from 0.1 to 3_600_000', (value) => isIn(value, 0.1, 3_600_000)),
  windowDays: expects(
    'a whole number of days from 1 to 90',
    (value) => Number.isInteger(value) && isIn(value, 1, 90),
  ),
};

/** `*` stands for anything, at the end alone. */
function isRoute(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 200 && /^(\*|[A-Z]+ (\*|\/[^\s*]*\*?))$/.test(value);
}

function isBetween(value: unknown, low: number, high: number): boolean {
  return typeof value === 'number' && value > low && value < high;
}

function isIn(value: unknown, low: number, high: number): boolean {
  return typeof value === 'number' && value >= low && value <= high;
}
