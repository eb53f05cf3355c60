import { checkOptions, describeValue, expects } from '@unite/shared';

/** Digits after the point of a billionth of a dollar. */
const nanoDigits = 9;
/** Cents are always shown. */
const centDigits = 2;

/** Options of {@link formatUsd}. */
export interface FormatUsdOptions {
  /**
   * Most digits after the point, from 2 to 9; what is finer is rounded, half away from zero.
   *
   * @default 9, exact
   */
  readonly maxDigits?: number | undefined;
}

/**
 * Billionths of a US dollar as a decimal: exact, with at least two digits after the point, never with an exponent.
 *
 * @throws TypeError for what is no bigint, and for options that are none
 * @example
 * formatUsd(4_700_000n); // '0.0047'
 * formatUsd(4_700_000n, { maxDigits: 2 }); // '0.00'
 */
export function formatUsd(nanoUsd: bigint, options: FormatUsdOptions = {}): string {
  if (typeof nanoUsd !== 'bigint') {
    throw new TypeError(`formatUsd: nanoUsd must be a bigint, got ${describeValue(nanoUsd)}`);
  }
  checkOptions('formatUsd', options, { maxDigits: digitCount });
  const { maxDigits = nanoDigits } = options;
  const rounded = roundedTo(nanoUsd < 0n ? -nanoUsd : nanoUsd, maxDigits);
  const digits = String(rounded).padStart(nanoDigits + 1, '0');
  const fraction = digits.slice(-nanoDigits).replace(/0+$/, '').padEnd(centDigits, '0');
  return `${nanoUsd < 0n && rounded !== 0n ? '-' : ''}${digits.slice(0, -nanoDigits)}.${fraction}`;
}

const digitCount = expects(
  'a whole number from 2 to 9',
  (value) => Number.isInteger(value) && Number(value) >= centDigits && Number(value) <= nanoDigits,
);

function roundedTo(nanoUsd: bigint, digits: number): bigint {
  const step = 10n ** BigInt(nanoDigits - digits);
  return ((nanoUsd + step / 2n) / step) * step;
}
