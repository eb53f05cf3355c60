import { CryptoError } from '../errors';
import { textOf } from './encode-place';

/**
 * The parts of a row id as they are written: the caller's list may change while keys are waited for.
 *
 * @throws CryptoError `UNITE_CRYPTO_PLACE_INVALID`
 */
export function rowTexts(rowId: unknown): readonly string[] {
  if (!Array.isArray(rowId)) return [textOf(rowId, 'The row id')];
  if (rowId.length > 0) return rowId.map((part) => textOf(part, 'A part of the row id'));
  throw new CryptoError('UNITE_CRYPTO_PLACE_INVALID', 'The row id is an empty list');
}
