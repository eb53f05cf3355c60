import type { CryptoErrorCode } from '../errors';

/** What a vault counts. */
export class VaultCounts {
  encrypted = 0;
  decrypted = 0;
  plaintextReads = 0;
  prolongations = 0;
  readonly keyCalls = { generate: 0, unwrap: 0, rewrap: 0 };
  /** By code, of which there are few. */
  readonly failures: Partial<Record<CryptoErrorCode, number>> = {};

  failed(code: CryptoErrorCode): void {
    this.failures[code] = (this.failures[code] ?? 0) + 1;
  }
}
