import { describeValue } from '@unite/shared';
import type { UsdAmount } from '../plan/plan-types';

/** Digits after the point of a billionth of a dollar. */
const nanoDigits = 9;
const decimal = /^(\d{1,12})(?:\.(\d{1,40}))?$/;

/**
 * US dollars in billionths, exactly: a number is read as it is written, never as the binary fraction it stands for.
 *
 * @throws TypeError for what is no amount, is negative, or is finer than a billionth
 */
export function nanoUsd(owner: string, amount: UsdAmount): bigint {
  return scaled(owner, amount, nanoDigits);
}

/**
 * The price of one in billionths of a dollar for a million: `0.000015` → 15 dollars → 15,000,000,000.
 *
 * @throws TypeError
 */
export function nanoUsdPerMillion(owner: string, priceOfOneUsd: UsdAmount): bigint {
  return scaled(owner, priceOfOneUsd, nanoDigits + 6);
}

function scaled(owner: string, amount: UsdAmount, digits: number): bigint {
  const [, whole, fraction = ''] = decimal.exec(written(amount)) ?? [];
  const finer = fraction.slice(digits).replace(/0+$/, '');
  if (whole === undefined || finer !== '') {
    const demand = `an amount of US dollars with at most ${digits} digits after the point`;
    throw new TypeError(`${owner} must be ${demand}, got ${describeValue(amount)}`);
  }
  return BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'));
}

/** A small number as JavaScript prints it, `1.5e-7`, without its exponent. */
function written(amount: unknown): string {
  const text = typeof amount === 'number' || typeof amount === 'string' ? String(amount) : '';
  const [, first, rest = '', exponent] = /^(\d)(?:\.(\d+))?e-(\d{1,3})$/.exec(text) ?? [];
  return exponent === undefined ? text : `0.${'0'.repeat(Number(exponent) - 1)}${first}${rest}`;
}
