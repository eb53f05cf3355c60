/**
 * Seals and opens bytes with nothing but WebCrypto. Text is encoded by a `TextEncoder` first.
 *
 * All that is sealed under one key must have a header of the same length, or none: what is authenticated is
 * `header | aad`, which does not say where the one ends and the other begins.
 */
export interface EdgeSealer {
  /**
   * @param aad what the value is bound to; not part of the result
   * @param header what the result begins with, such as a version and a key's id; it is authenticated, and under
   * one key always of the same length
   * @returns `header | nonce (24) | commitment (32) | ciphertext | tag (16)`
   * @throws TypeError for what is no `Uint8Array`, such as text or an `ArrayBuffer`
   */
  seal(plaintext: Uint8Array, aad: Uint8Array, header?: Uint8Array): Promise<Uint8Array>;
  /**
   * @param headerBytes length of the header that it was sealed with. @default 0
   * @throws CryptoError `UNITE_CRYPTO_FORMAT_INVALID` for what is too short, `UNITE_CRYPTO_COMMITMENT_MISMATCH` for
   * another key, `UNITE_CRYPTO_AUTHENTICATION_FAILED` for another `aad`; either of the last two for what was altered
   * @throws TypeError for what is no `Uint8Array`, and for a `headerBytes` that is no whole number from 0
   */
  open(sealed: Uint8Array, aad: Uint8Array, headerBytes?: number): Promise<Uint8Array>;
}
