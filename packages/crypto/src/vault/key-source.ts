import { randomInt, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@unite/core';
import { observe } from '@unite/shared';
import { keyChannel } from '../channels';
import { CryptoError } from '../errors';
import type { KeyBinding, KeyCall, KeyProvider, KeyStore, StoredKey, TenantKeys } from '../keys/key-types';
import { checkGenerated, checkKey, checkWrapped, unwrapFailed } from './check-answer';
import { DataKey } from './data-key';
import { tenantTag } from './header';
import type { VaultCounts } from './vault-counts';

type Operation = 'generate' | 'unwrap' | 'rewrap';

/** Store and provider, asked within a time, and with one kind of error. */
export class KeySource {
  readonly #vault: string;
  readonly #provider: KeyProvider;
  readonly #store: KeyStore;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #counts: VaultCounts;

  constructor(parts: {
    readonly vault: string;
    readonly provider: KeyProvider;
    readonly store: KeyStore;
    readonly timeoutMs: number;
    readonly clock: Clock;
    readonly counts: VaultCounts;
  }) {
    this.#vault = parts.vault;
    this.#provider = parts.provider;
    this.#store = parts.store;
    this.#timeoutMs = parts.timeoutMs;
    this.#clock = parts.clock;
    this.#counts = parts.counts;
  }

  /** @throws CryptoError */
  read(tenantId: string): Promise<TenantKeys | undefined> {
    return this.store((store, call) => store.read(tenantId, call));
  }

  /** Asks the store. @throws CryptoError `UNITE_CRYPTO_KEYS_UNAVAILABLE` */
  store<Result>(ask: (store: KeyStore, call: KeyCall) => Promise<Result>): Promise<Result> {
    return this.#withinTime('The key store', (call) => ask(this.#store, call));
  }

  /** @throws CryptoError */
  async unwrap(stored: StoredKey): Promise<DataKey> {
    return new DataKey(await this.#unwrap(stored), stored, this.#clock.monotonicMs());
  }

  /**
   * The stored key under the primary root key; the same where it is already.
   *
   * @throws CryptoError `UNITE_CRYPTO_UNWRAP_FAILED` where it would not be the same data key
   */
  async rewrap(stored: StoredKey): Promise<StoredKey> {
    const answer = await this.#ask('rewrap', (call) => this.#provider.rewrap(stored.wrapped, stored, call));
    if (answer === stored.wrapped) return stored;
    const rewrapped = { ...stored, wrapped: checkWrapped(answer) };
    if (await this.#isSameKey(stored, rewrapped)) return rewrapped;
    throw unwrapFailed(`The key provider "${this.#provider.name}" rewrapped a data key as another one`);
  }

  /**
   * Makes a primary key for a tenant.
   *
   * @param before the tenant's keys until now
   * @param activeAfterMs until then the previous key encrypts
   * @returns `undefined` where another process was faster
   */
  async create(
    tenantId: string,
    before: TenantKeys | undefined,
    activeAfterMs = 0,
  ): Promise<DataKey | undefined> {
    const binding = { tenantId, keyId: newKeyId(tenantId, before) };
    const answer = await this.#ask('generate', (call) => this.#provider.generate(binding, call));
    const { key, wrapped } = checkGenerated(answer);
    const dataKey = new DataKey(key, binding, this.#clock.monotonicMs());
    const stored: StoredKey = { ...binding, wrapped, createdAtMs: this.#clock.wallMs() + activeAfterMs };
    const isAdded = await this.store((store, call) => store.add(stored, before?.keys[0]?.keyId, call));
    if (isAdded) return dataKey;
    dataKey.destroy();
    return undefined;
  }

  /** The newest key that is active; where none is yet, the first there was. */
  primaryOf(stored: TenantKeys | undefined): StoredKey | undefined {
    const nowMs = this.#clock.wallMs();
    return stored?.keys.find(({ createdAtMs }) => createdAtMs <= nowMs) ?? stored?.keys.at(-1);
  }

  /** How long the primary key stays that, as far as is known. */
  primaryForMs(stored: TenantKeys | undefined): number {
    const nowMs = this.#clock.wallMs();
    const waits = (stored?.keys ?? []).map(({ createdAtMs }) => createdAtMs - nowMs);
    return Math.min(...waits.filter((ms) => ms > 0));
  }

  async #unwrap(stored: StoredKey): Promise<Uint8Array> {
    return checkKey(await this.#ask('unwrap', (call) => this.#provider.unwrap(stored.wrapped, stored, call)));
  }

  async #isSameKey(one: StoredKey, other: StoredKey): Promise<boolean> {
    const key = await this.#unwrap(one);
    try {
      const otherKey = await this.#unwrap(other);
      try {
        return timingSafeEqual(key, otherKey);
      } finally {
        otherKey.fill(0);
      }
    } finally {
      key.fill(0);
    }
  }

  #ask<Result>(operation: Operation, ask: (call: KeyCall) => Promise<Result>): Promise<Result> {
    const work = () => this.#withinTime(`The key provider "${this.#provider.name}"`, ask);
    this.#counts.keyCalls[operation] += 1;
    if (!keyChannel?.hasSubscribers) return work();
    return observe(keyChannel, { vault: this.#vault, provider: this.#provider.name, operation }, work);
  }

  /** Also ends the wait for one that does not heed the signal. */
  async #withinTime<Result>(who: string, ask: (call: KeyCall) => Promise<Result>): Promise<Result> {
    const timer = new AbortController();
    const done = new AbortController();
    const late = this.#clock.sleep(this.#timeoutMs, done.signal).then(() => {
      const error = unavailable(`${who} did not answer within ${this.#timeoutMs} ms`);
      timer.abort(error);
      throw error;
    });
    // Where it is not waited for any more.
    late.catch(() => {});
    try {
      return await Promise.race([ask({ signal: timer.signal }), late]);
    } catch (error) {
      if (CryptoError.isInstance(error)) throw error;
      throw unavailable(`${who} cannot be asked`, error);
    } finally {
      done.abort();
    }
  }
}

function unavailable(message: string, cause?: unknown): CryptoError {
  return new CryptoError('UNITE_CRYPTO_KEYS_UNAVAILABLE', message, cause === undefined ? {} : { cause });
}

/** Random in its lower half: ids of removed keys are not used again but by chance. */
function newKeyId(tenantId: string, before: TenantKeys | undefined): number {
  const taken = new Set(before?.keys.map(({ keyId }: KeyBinding) => keyId));
  while (true) {
    const keyId = tenantTag(tenantId) * 0x1_00_00 + randomInt(0x1_00_00);
    if (!taken.has(keyId)) return keyId;
  }
}
