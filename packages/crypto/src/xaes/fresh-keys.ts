import { commitmentBytes, keyStride, type MessageKeyBatch, type MessageKeys, nonceBytes } from './derive';
import { fillNonces } from './nonce-pool';

/** What a sealer that is used all the time has ready; one that is used once has one. */
const maxReady = 16;

/** What AES-256-GCM is called with. */
export interface FreshKey {
  readonly key: Buffer;
  /** The second half of the nonce. */
  readonly iv: Buffer;
}

/**
 * Random nonces for messages to come, and their keys: made for several at once, because to fetch randomness and to
 * derive for each alone costs half as much as encrypting.
 */
export class FreshKeys {
  readonly #source: MessageKeys;
  #nonces = Buffer.alloc(0);
  #batch: MessageKeyBatch = { keys: Buffer.alloc(0), commitments: Buffer.alloc(0) };
  #count = 0;
  #used = 0;

  constructor(source: MessageKeys) {
    this.#source = source;
  }

  /** Writes the next nonce and its commitment into a message, and answers its key. Each is given out once. */
  take(message: Buffer, nonceAt: number): FreshKey {
    if (this.#used === this.#count) this.#refill();
    const index = this.#used;
    this.#used += 1;
    const { keys, commitments } = this.#batch;
    const commitmentAt = nonceAt + nonceBytes;
    this.#nonces.copy(message, nonceAt, index * nonceBytes, (index + 1) * nonceBytes);
    commitments.copy(message, commitmentAt, index * commitmentBytes, (index + 1) * commitmentBytes);
    const keyAt = index * keyStride;
    return { key: keys.subarray(keyAt, keyAt + 32), iv: message.subarray(nonceAt + 12, commitmentAt) };
  }

  destroy(): void {
    this.#used = this.#count;
    this.#batch.keys.fill(0);
  }

  #refill(): void {
    this.#count = Math.min(maxReady, this.#count * 2 || 1);
    this.#nonces = Buffer.alloc(this.#count * nonceBytes);
    fillNonces(this.#nonces);
    this.#batch = this.#source.deriveBatch(this.#nonces);
    this.#used = 0;
  }
}
