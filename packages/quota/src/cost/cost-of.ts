import { describeValue } from '@unite/shared';
import { QuotaError } from '../errors';

const million = 1_000_000n;

/**
 * What an amount costs, in billionths of a US dollar, exactly: one multiplication of whole numbers and one rounding,
 * half up. Round each line of a bill once and add up the lines; a cost that was rounded is not multiplied again.
 *
 * @param amount whole number of tokens, calls, …
 * @param nanoUsdPerMillion price of a million, in billionths of a US dollar
 * @throws QuotaError `UNITE_QUOTA_AMOUNT_INVALID` for an amount that is negative, no whole number, or a number above
 *   9,007,199,254,740,991
 * @throws TypeError for a price that is no bigint or negative
 * @example
 * costOf(1_234, 150_000_000n); // 185100n: 1,234 tokens at $0.15 a million are $0.0001851
 */
export function costOf(amount: number | bigint, nanoUsdPerMillion: bigint): bigint {
  if (typeof nanoUsdPerMillion !== 'bigint' || nanoUsdPerMillion < 0n) {
    const got = describeValue(nanoUsdPerMillion);
    throw new TypeError(`costOf: nanoUsdPerMillion must be a bigint from 0, got ${got}`);
  }
  return (exact(amount) * nanoUsdPerMillion + million / 2n) / million;
}

function exact(amount: number | bigint): bigint {
  const isExact = typeof amount === 'bigint' || Number.isSafeInteger(amount);
  if (isExact && amount >= 0) return BigInt(amount);
  throw new QuotaError(
    'UNITE_QUOTA_AMOUNT_INVALID',
    `costOf: amount must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, or a bigint from 0, got ${describeValue(amount)}`,
  );
}
