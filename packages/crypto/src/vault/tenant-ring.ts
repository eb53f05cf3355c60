import { CryptoError } from '../errors';
import type { StoredKey, TenantKeys } from '../keys/key-types';
import type { DataKey } from './data-key';
import { tenantTag } from './header';

/** What is known of a tenant's keys at one time. Keys are unwrapped when they are wanted, each once. */
export class TenantRing {
  readonly tenantId: string;
  readonly #stored: TenantKeys | undefined;
  readonly #unwrapped = new Map<number, DataKey>();
  readonly #pending = new Map<number, Promise<DataKey>>();
  readonly primaryId: number | undefined;
  /** Until when nobody has to be asked again. */
  freshUntilMs: number;
  /** How often it may still be used. */
  usesLeft: number;
  /** Its time is over, and nobody could be asked for another. */
  isProlonged = false;

  constructor(
    tenantId: string,
    stored: TenantKeys | undefined,
    limits: {
      /** The key that encrypts; `undefined` for a tenant that has none yet. */
      readonly primaryId: number | undefined;
      readonly freshUntilMs: number;
      readonly maxUses: number;
    },
  ) {
    this.tenantId = tenantId;
    this.#stored = stored;
    this.primaryId = limits.primaryId;
    this.freshUntilMs = limits.freshUntilMs;
    this.usesLeft = limits.maxUses;
  }

  get stored(): TenantKeys | undefined {
    return this.#stored;
  }

  /** The newest first. */
  get keyIds(): readonly number[] {
    return this.#stored?.keys.map(({ keyId }) => keyId) ?? [];
  }

  /** Whether another process may have made this key since the store was asked. */
  lacks(keyId: number): boolean {
    const { shreddedAtMs, keys = [] } = this.#stored ?? {};
    if (shreddedAtMs !== undefined || keys.some((key) => key.keyId === keyId)) return false;
    return keyId >>> 16 === tenantTag(this.tenantId);
  }

  /** When the first of the unwrapped keys was, by the monotonic clock. */
  get oldestAtMs(): number {
    return Math.min(...[...this.#unwrapped.values()].map(({ unwrappedAtMs }) => unwrappedAtMs));
  }

  /** A key that is unwrapped already. */
  peek(keyId: number): DataKey | undefined {
    return this.#unwrapped.get(keyId);
  }

  put(key: DataKey): void {
    this.#unwrapped.set(key.keyId, key);
  }

  /** All who want the same key at once wait for the same answer. */
  unwrap(keyId: number, ask: (stored: StoredKey) => Promise<DataKey>): Promise<DataKey> {
    const pending = this.#pending.get(keyId);
    if (pending) return pending;
    const asked = this.#unwrap(keyId, ask).finally(() => this.#pending.delete(keyId));
    this.#pending.set(keyId, asked);
    return asked;
  }

  /** @throws CryptoError that says why there is no such key */
  refuse(keyId: number): never {
    if (this.#stored?.shreddedAtMs !== undefined) {
      throw new CryptoError(
        'UNITE_CRYPTO_TENANT_SHREDDED',
        `The keys of tenant "${this.tenantId}" were destroyed`,
      );
    }
    if (keyId >>> 16 !== tenantTag(this.tenantId)) {
      throw new CryptoError('UNITE_CRYPTO_TENANT_MISMATCH', `Not encrypted for tenant "${this.tenantId}"`);
    }
    throw new CryptoError(
      'UNITE_CRYPTO_KEY_UNKNOWN',
      `Tenant "${this.tenantId}" has no data key ${keyId.toString(16)}`,
    );
  }

  destroy(): void {
    for (const key of this.#unwrapped.values()) key.destroy();
    this.#unwrapped.clear();
  }

  async #unwrap(keyId: number, ask: (stored: StoredKey) => Promise<DataKey>): Promise<DataKey> {
    const stored = this.#stored?.keys.find((key) => key.keyId === keyId);
    if (!stored) return this.refuse(keyId);
    const key = await ask(stored);
    this.put(key);
    return key;
  }
}
