import { CryptoError } from '../../errors';
import type { KeysCommandOptions } from '../keys-command-types';

/** @throws CryptoError where root keys are not in a file */
export function keyringPathOf({ keyringPath }: KeysCommandOptions): string {
  if (keyringPath !== undefined) return keyringPath;
  throw new CryptoError(
    'UNITE_CRYPTO_KEYRING_INVALID',
    'keysCommand is given no "keyringPath": make root keys where the key provider has them',
  );
}
