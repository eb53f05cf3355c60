import type { Clock } from '@unite/core';
import { LRUCache } from 'lru-cache';
import { CryptoError } from '../errors';
import type { DataKey } from './data-key';
import type { KeySource } from './key-source';
import { TenantRing } from './tenant-ring';
import type { VaultCounts } from './vault-counts';

/** After a failure nobody is asked again for so long, whoever wants a key. */
const retryAfterMs = 1_000;

interface CacheLimits {
  readonly ttlMs: number;
  readonly staleMs: number;
  readonly maxUses: number;
  readonly maxTenants: number;
}

interface Failure {
  readonly error: CryptoError;
  readonly untilMs: number;
}

/** Which key is wanted: one by its id, or the one that encrypts, which is made where there is none. */
export type WantedKey = number | 'primary';

/** The tenants' keys in this process. */
export class KeyCache {
  readonly #source: KeySource;
  readonly #limits: CacheLimits;
  readonly #clock: Clock;
  readonly #counts: VaultCounts;
  readonly #rings: LRUCache<string, TenantRing>;
  readonly #failures: LRUCache<string, Failure>;
  /** Until when a key that there is not is not asked for again. */
  readonly #misses: LRUCache<string, number>;
  readonly #refreshes = new Map<string, Promise<TenantRing>>();
  readonly #creations = new Map<string, Promise<DataKey>>();
  /** What was asked for before is not kept after a `forget`. */
  #generation = 0;
  #isClosed = false;

  constructor(source: KeySource, limits: CacheLimits, clock: Clock, counts: VaultCounts) {
    this.#source = source;
    this.#limits = limits;
    this.#clock = clock;
    this.#counts = counts;
    this.#rings = new LRUCache({ max: limits.maxTenants });
    this.#failures = new LRUCache({ max: limits.maxTenants });
    this.#misses = new LRUCache({ max: limits.maxTenants });
  }

  get size(): number {
    return this.#rings.size;
  }

  /**
   * A key, at once where it is known.
   *
   * @param uses how many values it is wanted for
   * @throws CryptoError
   */
  key(tenantId: string, wanted: WantedKey, uses = 1): DataKey | Promise<DataKey> {
    const ring = this.#rings.get(tenantId);
    if (ring && this.#isFresh(ring)) {
      const keyId = wanted === 'primary' ? ring.primaryId : wanted;
      const key = keyId === undefined ? undefined : ring.peek(keyId);
      if (key) {
        ring.usesLeft -= uses;
        return key;
      }
    }
    return this.#ask(tenantId, wanted);
  }

  /** What is known of a tenant's keys. @throws CryptoError */
  ring(tenantId: string): TenantRing | Promise<TenantRing> {
    if (this.#isClosed) throw new CryptoError('UNITE_CRYPTO_CLOSED', 'The vault is closed');
    const ring = this.#rings.get(tenantId);
    if (ring && this.#isFresh(ring)) return ring;
    this.#refuseAgain(tenantId);
    const refresh = this.#refreshes.get(tenantId) ?? this.#startRefresh(tenantId, ring);
    if (!ring?.isProlonged || !this.#mayServe(ring)) return refresh;
    // The last attempt failed, so nobody waits for the next.
    refresh.catch(() => {});
    return ring;
  }

  forget(tenantId?: string): void {
    this.#generation += 1;
    if (tenantId === undefined) {
      for (const kept of [this.#rings, this.#failures, this.#refreshes]) kept.clear();
    } else {
      for (const kept of [this.#rings, this.#failures, this.#refreshes]) kept.delete(tenantId);
    }
  }

  /** Forgets, and makes whoever still holds a key unable to use it. */
  destroy(tenantId?: string): void {
    const rings = tenantId === undefined ? [...this.#rings.values()] : [this.#rings.peek(tenantId)];
    for (const ring of rings) ring?.destroy();
    this.forget(tenantId);
  }

  close(): void {
    this.#isClosed = true;
    this.destroy();
  }

  #isFresh(ring: TenantRing): boolean {
    return ring.usesLeft > 0 && this.#clock.monotonicMs() < ring.freshUntilMs;
  }

  /** In an outage, keys are used on for a while. */
  #mayServe(ring: TenantRing): boolean {
    const { ttlMs, staleMs } = this.#limits;
    return this.#clock.monotonicMs() < ring.oldestAtMs + ttlMs + staleMs;
  }

  async #ask(tenantId: string, wanted: WantedKey): Promise<DataKey> {
    const ring = await this.ring(tenantId);
    if (wanted !== 'primary') return this.#unwrapped(await this.#ringWith(ring, wanted), wanted);
    if (ring.primaryId !== undefined) return this.#unwrapped(ring, ring.primaryId);
    return this.#creations.get(tenantId) ?? this.#startCreation(ring);
  }

  /** Keys that were made elsewhere since the store was asked are asked for, once in a while for each id. */
  async #ringWith(ring: TenantRing, keyId: number): Promise<TenantRing> {
    const { tenantId } = ring;
    const missing = `${keyId}:${tenantId}`;
    if (!ring.lacks(keyId) || this.#clock.monotonicMs() < (this.#misses.get(missing) ?? 0)) return ring;
    // One that is under way may have begun before the key was made.
    const joined = await this.#refreshes.get(tenantId);
    if (joined && !joined.lacks(keyId)) return joined;
    const read = await (this.#refreshes.get(tenantId) ?? this.#startRefresh(tenantId, ring));
    if (!read.lacks(keyId)) return read;
    if (read.isProlonged) {
      const message = `A key of tenant "${tenantId}" is not known here, and the key store cannot be asked`;
      throw new CryptoError('UNITE_CRYPTO_KEYS_UNAVAILABLE', message);
    }
    this.#misses.set(missing, this.#clock.monotonicMs() + retryAfterMs);
    return read;
  }

  async #unwrapped(ring: TenantRing, keyId: number): Promise<DataKey> {
    const known = ring.peek(keyId);
    if (known) return known;
    this.#refuseAgain(ring.tenantId);
    try {
      return await ring.unwrap(keyId, (stored) => this.#source.unwrap(stored));
    } catch (error) {
      if (isOutage(error)) this.#remember(ring.tenantId, error);
      throw error;
    }
  }

  #startCreation(ring: TenantRing): Promise<DataKey> {
    const creation = this.#create(ring).finally(() => this.#creations.delete(ring.tenantId));
    this.#creations.set(ring.tenantId, creation);
    return creation;
  }

  /** Makes the first key of a tenant, or takes the one that another process has made meanwhile. */
  async #create(ring: TenantRing): Promise<DataKey> {
    const { tenantId } = ring;
    if (ring.stored) return ring.refuse(0);
    const made = await this.#source.create(tenantId, undefined).catch((error: unknown) => {
      if (isOutage(error)) this.#remember(tenantId, error);
      throw error;
    });
    this.forget(tenantId);
    const now = await this.ring(tenantId);
    if (made && now.primaryId === made.keyId) now.put(made);
    if (now.primaryId !== undefined) return this.#unwrapped(now, now.primaryId);
    throw new CryptoError(
      'UNITE_CRYPTO_KEYS_UNAVAILABLE',
      `The key store keeps no key of tenant "${tenantId}"`,
    );
  }

  #startRefresh(tenantId: string, old: TenantRing | undefined): Promise<TenantRing> {
    const refresh = this.#refresh(tenantId, old).finally(() => {
      if (this.#refreshes.get(tenantId) === refresh) this.#refreshes.delete(tenantId);
    });
    this.#refreshes.set(tenantId, refresh);
    return refresh;
  }

  /** Reads the tenant's keys anew, and unwraps those that were in use. */
  async #refresh(tenantId: string, old: TenantRing | undefined): Promise<TenantRing> {
    const generation = this.#generation;
    try {
      const stored = await this.#source.read(tenantId);
      const { ttlMs, maxUses } = this.#limits;
      const freshForMs = Math.min(ttlMs, this.#source.primaryForMs(stored));
      const freshUntilMs = this.#clock.monotonicMs() + freshForMs;
      const primaryId = this.#source.primaryOf(stored)?.keyId;
      const ring = new TenantRing(tenantId, stored, { primaryId, freshUntilMs, maxUses });
      for (const keyId of ring.keyIds.filter((id) => old?.peek(id))) {
        await ring.unwrap(keyId, (key) => this.#source.unwrap(key));
      }
      if (generation === this.#generation) this.#rings.set(tenantId, ring);
      return ring;
    } catch (error) {
      if (isOutage(error)) {
        if (old && this.#mayServe(old)) return this.#prolong(old);
        this.#remember(tenantId, error);
      }
      this.#rings.delete(tenantId);
      throw error;
    }
  }

  #prolong(ring: TenantRing): TenantRing {
    ring.freshUntilMs = this.#clock.monotonicMs() + retryAfterMs;
    ring.usesLeft = this.#limits.maxUses;
    ring.isProlonged = true;
    this.#counts.prolongations += 1;
    return ring;
  }

  /** @throws CryptoError the same as a moment ago: nobody is asked as often as somebody wants to read */
  #refuseAgain(tenantId: string): void {
    const failure = this.#failures.get(tenantId);
    if (failure && this.#clock.monotonicMs() < failure.untilMs) throw failure.error;
  }

  #remember(tenantId: string, error: CryptoError): void {
    this.#failures.set(tenantId, { error, untilMs: this.#clock.monotonicMs() + retryAfterMs });
  }
}

/** Asking again may help. */
function isOutage(error: unknown): error is CryptoError {
  return CryptoError.isInstance(error) && error.code === 'UNITE_CRYPTO_KEYS_UNAVAILABLE';
}
