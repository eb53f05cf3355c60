/** Seals and opens bytes with nothing but WebCrypto. */
export interface EdgeSealer {
  /**
   * @param aad what the value is bound to; not part of the result
   * @param header what the result begins with, such as a version and a key's id; it is authenticated
   * @returns `header | nonce (24) | commitment (32) | ciphertext | tag (16)`
   */
  seal(plaintext: Uint8Array, aad: Uint8Array, header?: Uint8Array): Promise<Uint8Array>;
  /**
   * @param headerBytes length of the header that it was sealed with. @default 0
   * @throws CryptoError `UNITE_CRYPTO_FORMAT_INVALID` for what is too short, `UNITE_CRYPTO_COMMITMENT_MISMATCH` for
   * another key, `UNITE_CRYPTO_AUTHENTICATION_FAILED` for another `aad`; either of the last two for what was altered
   */
  open(sealed: Uint8Array, aad: Uint8Array, headerBytes?: number): Promise<Uint8Array>;
}
