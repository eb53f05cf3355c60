/** What a data key belongs to. A provider binds it to the wrapped key, so that one cannot stand for another. */
export interface KeyBinding {
  readonly tenantId: string;
  /** Of the data key, as it stands in every ciphertext. */
  readonly keyId: number;
}

/** Options of every call that may go over a network. */
export interface KeyCall {
  /** Aborts when the vault's time for it is up. */
  readonly signal: AbortSignal;
}

/** A data key as it is stored: encrypted under a root key. */
export interface WrappedKey {
  /** Name of the root key, in the provider's own words: `2026-11`, an ARN. */
  readonly rootKeyId: string;
  readonly bytes: Uint8Array;
}

/** A new data key. */
export interface GeneratedKey {
  /** 32 random bytes. */
  readonly key: Uint8Array;
  readonly wrapped: WrappedKey;
}

/**
 * Keeps root keys, and encrypts data keys under them. A root key never leaves a hosted one.
 *
 * What it throws: `CryptoError` with `UNITE_CRYPTO_KEY_UNKNOWN`, `…_KEY_DISABLED`, `…_KEY_DESTROYED`,
 * `…_KEYS_DENIED`, `…_UNWRAP_FAILED` where asking again is of no use, and anything else, best
 * `UNITE_CRYPTO_KEYS_UNAVAILABLE`, where it may be.
 */
export interface KeyProvider {
  /** Such as `file` or `aws-kms`; it stands in events and in the inventory. */
  readonly name: string;
  /** The algorithm that wraps, for the inventory: `XAES-256-GCM`. */
  readonly algorithm: string;
  /** Makes a data key under the primary root key. */
  generate(binding: KeyBinding, call: KeyCall): Promise<GeneratedKey>;
  /** The data key again, by whichever root key it was wrapped. */
  unwrap(wrapped: WrappedKey, binding: KeyBinding, call: KeyCall): Promise<Uint8Array>;
  /** The same data key under the primary root key; the same object where it is already. */
  rewrap(wrapped: WrappedKey, binding: KeyBinding, call: KeyCall): Promise<WrappedKey>;
  /** The root keys that there are, for `unite keys status`. */
  rootKeys?(call: KeyCall): Promise<readonly RootKey[]>;
  /** Where the provider keeps wrapped data keys itself, for vaults that are given no store. */
  readonly store?: KeyStore | undefined;
}

/** A root key, without its secret. */
export interface RootKey {
  readonly id: string;
  readonly state: 'primary' | 'previous' | 'disabled' | 'destroyed';
  readonly createdAtMs?: number | undefined;
}

/** A wrapped data key of a tenant. */
export interface StoredKey extends KeyBinding {
  readonly wrapped: WrappedKey;
  /** When it was made; later, for one that is not to encrypt until then. */
  readonly createdAtMs: number;
}

/** The data keys of a tenant. */
export interface TenantKeys {
  /** The newest first; the first one whose time has come encrypts. Empty for a shredded tenant. */
  readonly keys: readonly StoredKey[];
  /** When the tenant's keys were destroyed. It never gets new ones. */
  readonly shreddedAtMs?: number | undefined;
}

/** Keeps wrapped data keys. Everything in it may be read by others: it is worth nothing without the root keys. */
export interface KeyStore {
  /** `undefined` for a tenant that never had a key. */
  read(tenantId: string, call: KeyCall): Promise<TenantKeys | undefined>;
  /**
   * Adds a key as the tenant's primary, if the primary still is `after` (`undefined`: none). Of many processes that
   * add at once one succeeds; the others get `false` and read again. `false` too for a shredded tenant.
   */
  add(key: StoredKey, after: number | undefined, call: KeyCall): Promise<boolean>;
  /** Puts a rewrapped key in the place of the one that `from` is. `false` where it is no longer there. */
  replace(key: StoredKey, from: WrappedKey, call: KeyCall): Promise<boolean>;
  /** Removes one key that is not the primary. `false` where there was none, or it is the primary. */
  remove(binding: KeyBinding, call: KeyCall): Promise<boolean>;
  /** Destroys all keys of a tenant for good, and remembers that. Resolves to how many there were. */
  shred(tenantId: string, call: KeyCall): Promise<number>;
  /** Tenants with keys or without any more, in order of their ids, after one of them. */
  tenants(
    page: { readonly after?: string | undefined; readonly limit: number },
    call: KeyCall,
  ): Promise<readonly string[]>;
}
