import { CryptoError } from '../errors';
import type { DecryptAttempt, VaultOptions } from '../types';

/** Asks whether somebody may decrypt. @throws CryptoError `UNITE_CRYPTO_DECRYPT_DENIED` for everything but `true` */
export async function permit(
  mayDecrypt: NonNullable<VaultOptions['mayDecrypt']>,
  attempt: DecryptAttempt,
): Promise<undefined> {
  if ((await mayDecrypt(attempt)) === true) return;
  throw new CryptoError('UNITE_CRYPTO_DECRYPT_DENIED', '"mayDecrypt" does not allow it');
}
