/** Message of the tracing channels `unite:crypto:encrypt` and `unite:crypto:decrypt`. Never a value or a ciphertext. */
export interface CryptoFieldMessage {
  /** The vault's name. */
  readonly vault: string;
  readonly tenantId: string;
  readonly table: string;
  readonly column: string;
  /** How many values. */
  readonly count: number;
  /** Of the data key; of several the last one. */
  keyId?: number;
  error?: unknown;
}

/** Message of the tracing channel `unite:crypto:key`: one call to a key provider. */
export interface CryptoKeyMessage {
  readonly vault: string;
  /** The provider's name. */
  readonly provider: string;
  readonly operation: 'generate' | 'unwrap' | 'rewrap';
  error?: unknown;
}
