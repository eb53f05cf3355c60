import { describeValue } from '@unite/shared';
import { CryptoError } from '../errors';

/** @throws CryptoError `UNITE_CRYPTO_PLACE_INVALID` for a place that was forgotten */
export function checkPlace(place: unknown): void {
  if (typeof place === 'object' && place !== null) return;
  throw new CryptoError(
    'UNITE_CRYPTO_PLACE_INVALID',
    `the place must be an object, such as { rowId: 7 }, got ${describeValue(place)}`,
  );
}
