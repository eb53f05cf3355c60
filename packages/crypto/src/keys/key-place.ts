import { encodePlace } from '../place/encode-place';
import type { KeyBinding } from './key-types';

/** What a wrapped data key is bound to. @throws CryptoError `UNITE_CRYPTO_PLACE_INVALID` */
export function keyPlace({ tenantId, keyId }: KeyBinding): Buffer {
  return encodePlace('unite.crypto.data-key', [tenantId, keyId]);
}
