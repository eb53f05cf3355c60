import { CryptoError } from '../errors';
import { FieldKey } from './field-key';

/** An unwrapped data key of a tenant, and the keys of columns that were derived from it. */
export class DataKey {
  readonly keyId: number;
  readonly tenantId: string;
  readonly unwrappedAtMs: number;
  readonly #key: Uint8Array;
  /** As many as columns were declared. */
  readonly #fields = new Map<string, FieldKey>();
  #isDestroyed = false;

  constructor(
    key: Uint8Array,
    { keyId, tenantId }: { readonly keyId: number; readonly tenantId: string },
    unwrappedAtMs: number,
  ) {
    this.#key = key;
    this.keyId = keyId;
    this.tenantId = tenantId;
    this.unwrappedAtMs = unwrappedAtMs;
  }

  /**
   * @param name of the field, unique in the vault
   * @throws CryptoError for a key that was destroyed since it was asked for
   */
  field(name: string, table: string, column: string): FieldKey {
    if (this.#isDestroyed) {
      throw new CryptoError(
        'UNITE_CRYPTO_KEY_DESTROYED',
        `The keys of tenant "${this.tenantId}" were destroyed`,
      );
    }
    const known = this.#fields.get(name);
    if (known) return known;
    const made = new FieldKey(this.#key, this.keyId, this.tenantId, table, column);
    this.#fields.set(name, made);
    return made;
  }

  /** Overwrites the keys as far as JavaScript can: the runtime may have copied them. */
  destroy(): void {
    this.#isDestroyed = true;
    this.#key.fill(0);
    for (const field of this.#fields.values()) field.destroy();
    this.#fields.clear();
  }
}
