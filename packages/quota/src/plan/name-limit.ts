import { checkOptions, describeValue, expects, optionChecks } from '@unite/shared';
import { nanoUsd } from '../cost/usd';
import type { PeriodKind } from '../period/period-types';
import { maxAmount } from '../store/max-amount';
import type { FailurePolicy, Limit, NamedLimit } from './plan-types';

/** The unit of limits of cost: billionths of a US dollar. */
export const costUnit = 'costNanoUsd';

const periods: Readonly<Record<string, PeriodKind>> = {
  Second: 'second',
  Minute: 'minute',
  Hour: 'hour',
  Day: 'day',
  Week: 'week',
  Month: 'month',
  BillingPeriod: 'billingPeriod',
};
const shorthand = /^([a-z]\w*?)Per(Second|Minute|Hour|Day|Week|Month|BillingPeriod)$/;

const name = /^[A-Za-z][\w-]{0,63}$/;
const { positive, boolean } = optionChecks;
const wholeOrNull = expects(
  `a whole number from 0 to ${maxAmount}, or null`,
  (value) => value === null || (Number.isSafeInteger(value) && (value as number) >= 0),
);
const share = expects(
  'a number of at least 0',
  (value) => typeof value === 'number' && value >= 0 && value < 1e6,
);
const failurePolicy = expects(
  '"open", "closed" or { local: a share above 0 and at most 1 }',
  (value) => value === 'open' || value === 'closed' || isShare((value as { local?: unknown } | null)?.local),
);
const common = {
  kind: expects('"quota", "rate" or "concurrency"', (value) =>
    /^(quota|rate|concurrency)$/.test(String(value)),
  ),
  of: expects(
    `the name of a unit; that of cost is "${costUnit}"`,
    (value) => typeof value === 'string' && name.test(value) && value !== 'costUsd',
  ),
  limit: wholeOrNull,
  whenStoreFails: failurePolicy,
};
const checksOf = {
  quota: {
    ...common,
    per: expects('second, minute, hour, day, week, month or billingPeriod', (value) =>
      Object.values(periods).includes(value as PeriodKind),
    ),
    warnAt: expects('a number from 0 to 1', (value) => typeof value === 'number' && value >= 0 && value <= 1),
    grace: share,
    overage: boolean,
  },
  rate: {
    ...common,
    windowMs: positive,
    burst: expects('a whole number above 0', (value) => Number.isSafeInteger(value) && (value as number) > 0),
  },
  concurrency: common,
};
const locally: FailurePolicy = { local: 0.5 };

/**
 * A limit with its name and every default.
 *
 * @param given a declaration, or a number or `null` where the name says what is counted and when
 * @throws TypeError that names the limit and what it got
 */
export function nameLimit(owner: string, limitName: string, given: unknown): NamedLimit {
  const where = `${owner}: limit "${limitName}"`;
  if (!name.test(limitName)) {
    throw new TypeError(`${where} must be named with 1 to 64 letters, digits, "_" and "-"`);
  }
  const declared = isDeclaration(given) ? given : fromName(where, limitName, given);
  const checks = checksOf[declared.kind];
  if (!checks) throw undeclared(where, 'an object that none of them made');
  checkOptions(where, declared, checks, ['kind', 'of', 'limit', ...requiredOf(declared)]);
  return Object.freeze(withDefaults(limitName, declared));
}

/** What a name says by itself, if it says that. */
export function shorthandOf(
  limitName: string,
): { readonly of: string; readonly per: PeriodKind } | undefined {
  const [, unit, period] = shorthand.exec(limitName) ?? [];
  if (unit === undefined || period === undefined) return undefined;
  return { of: unit === 'costUsd' ? costUnit : unit, per: periods[period] as PeriodKind };
}

function fromName(where: string, limitName: string, given: unknown): Limit {
  const said = shorthandOf(limitName);
  if (!said) {
    throw undeclared(where, describeValue(given));
  }
  if (given === null || said.of !== costUnit)
    return { kind: 'quota', ...said, limit: given as number | null };
  return { kind: 'quota', ...said, limit: Number(nanoUsd(where, given as number)) };
}

function undeclared(where: string, got: string): TypeError {
  const ways = 'quotaLimit, rateLimit or concurrencyLimit; or name it <unit>Per<Period> or <resource>Max';
  return new TypeError(`${where} must be declared by ${ways}, got ${got}`);
}

function withDefaults(limitName: string, declared: Limit): NamedLimit {
  const { of, limit } = declared;
  if (declared.kind === 'quota') {
    const { per, warnAt = 0.8, grace = 0, overage = false, whenStoreFails = 'closed' } = declared;
    return { kind: 'quota', name: limitName, of, limit, per, warnAt, grace, overage, whenStoreFails };
  }
  const { whenStoreFails = locally } = declared;
  if (declared.kind === 'concurrency')
    return { kind: 'concurrency', name: limitName, of, limit, whenStoreFails };
  const { windowMs, burst = Math.max(1, limit ?? 1) } = declared;
  return { kind: 'rate', name: limitName, of, limit, windowMs, burst, whenStoreFails };
}

function requiredOf({ kind }: Limit): readonly string[] {
  if (kind === 'quota') return ['per'];
  return kind === 'rate' ? ['windowMs'] : [];
}

function isDeclaration(value: unknown): value is Limit {
  return typeof value === 'object' && value !== null;
}

function isShare(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value <= 1;
}
