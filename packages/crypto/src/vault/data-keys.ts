import { checkOptions, expects } from '@unite/shared';
import { CryptoError } from '../errors';
import type { RotateOptions, TenantKeysStatus, VaultKeys } from '../types';
import type { KeyCache } from './key-cache';
import type { KeySource } from './key-source';

const tenantsPerPage = 500;
const duration = expects(
  'a number from 0',
  (value) => typeof value === 'number' && value >= 0 && value < Infinity,
);

/** What is done to data keys by hand or by a command. */
export class DataKeys implements VaultKeys {
  readonly #source: KeySource;
  readonly #cache: KeyCache;
  readonly #check: (tenantId: unknown) => string;
  readonly #waitMs: number;

  /**
   * @param check returns a tenant's id, and throws for what is none
   * @param waitMs how long other processes may not know of a new key
   */
  constructor(source: KeySource, cache: KeyCache, check: (tenantId: unknown) => string, waitMs: number) {
    this.#source = source;
    this.#cache = cache;
    this.#check = check;
    this.#waitMs = waitMs;
  }

  async *tenants(): AsyncIterable<string> {
    let after: string | undefined;
    while (true) {
      const page = await this.#source.store((store, call) =>
        store.tenants({ after, limit: tenantsPerPage }, call),
      );
      yield* page;
      after = page.at(-1);
      if (page.length < tenantsPerPage) return;
    }
  }

  async describe(tenantId: string): Promise<TenantKeysStatus | undefined> {
    const stored = await this.#source.read(this.#check(tenantId));
    return (
      stored && {
        tenantId,
        keys: stored.keys.map(({ keyId, createdAtMs, wrapped }) => ({
          keyId,
          createdAtMs,
          rootKeyId: wrapped.rootKeyId,
          isPrimary: keyId === this.#source.primaryOf(stored)?.keyId,
        })),
        shreddedAtMs: stored.shreddedAtMs,
      }
    );
  }

  async rotate(tenantId: string, options: RotateOptions = {}): Promise<number> {
    checkOptions('vault.keys.rotate', options, { activeAfterMs: duration });
    const { activeAfterMs = this.#waitMs } = options;
    const before = await this.#source.read(this.#check(tenantId));
    this.#refuseShredded(tenantId, before?.shreddedAtMs);
    const made = await this.#source.create(tenantId, before, activeAfterMs);
    this.#cache.forget(tenantId);
    if (!made) {
      throw new CryptoError(
        'UNITE_CRYPTO_KEY_CONFLICT',
        `The keys of tenant "${tenantId}" were changed by another process at the same time`,
      );
    }
    const { keyId } = made;
    made.destroy();
    return keyId;
  }

  async rewrap(tenantId: string): Promise<number> {
    const stored = await this.#source.read(this.#check(tenantId));
    this.#refuseShredded(tenantId, stored?.shreddedAtMs);
    let count = 0;
    for (const key of stored?.keys ?? []) {
      const rewrapped = await this.#source.rewrap(key);
      if (rewrapped === key) continue;
      // One that another process has replaced or removed meanwhile is none of ours.
      const isReplaced = await this.#source.store((store, call) =>
        store.replace(rewrapped, key.wrapped, call),
      );
      if (isReplaced) count += 1;
    }
    return count;
  }

  async retire(tenantId: string, keyId: number): Promise<boolean> {
    const stored = await this.#source.read(this.#check(tenantId));
    // The store holds the newest for the primary, which it may not be yet.
    if (this.#source.primaryOf(stored)?.keyId === keyId) return false;
    const isRemoved = await this.#source.store((store, call) => store.remove({ tenantId, keyId }, call));
    this.#cache.destroy(tenantId);
    return isRemoved;
  }

  async shred(tenantId: string): Promise<number> {
    this.#check(tenantId);
    try {
      return await this.#source.store((store, call) => store.shred(tenantId, call));
    } finally {
      // Also where the answer was lost: the store is asked again then.
      this.#cache.destroy(tenantId);
    }
  }

  #refuseShredded(tenantId: string, shreddedAtMs: number | undefined): void {
    if (shreddedAtMs !== undefined) {
      throw new CryptoError(
        'UNITE_CRYPTO_TENANT_SHREDDED',
        `The keys of tenant "${tenantId}" were destroyed`,
      );
    }
  }
}
