import { createCipheriv } from 'node:crypto';

/** Length of a nonce, in bytes. */
export const nonceBytes = 24;

/** Length of a commitment, in bytes. */
export const commitmentBytes = 32;

/** What one message is encrypted with. */
export interface MessageKey {
  /** For AES-256-GCM, with the second half of the nonce. */
  readonly key: Buffer;
  /** Names the root of that key: nobody finds two keys with the same. */
  readonly commitment: Buffer;
}

/** Of one message: two blocks that become its key, and the first one of its commitment. */
const firstBytes = 48;

/** What many messages are encrypted with. */
export interface MessageKeyBatch {
  /** The key of the message at `index` begins at `index * keyStride`. */
  readonly keys: Buffer;
  /** One after the other. */
  readonly commitments: Buffer;
}

/** From one key of a batch to the next, in bytes. */
export const keyStride = firstBytes;

/**
 * Derives message keys from one key: that of XAES-256-GCM, and a commitment to it.
 *
 * XAES-256-GCM alone does not commit: one message could be made to open under two keys. The commitment is that of
 * KC-XAES-256-GCM, a CMAC over the nonce.
 *
 * @see https://c2sp.org/XAES-256-GCM
 * @see https://eprint.iacr.org/2025/758
 */
export class MessageKeys {
  /** AES without chaining: blocks are encrypted by one cipher that is never finished. */
  readonly #aes: ReturnType<typeof createCipheriv>;
  /** The first subkey of CMAC, NIST SP 800-38B §6.1. */
  readonly #subkey: Buffer;
  /** Both counters of the key derivation, and the first block of the commitment, still without a nonce. */
  readonly #template = Buffer.alloc(firstBytes);
  readonly #first: Buffer;
  /** The last blocks of both halves of the commitment. */
  readonly #second = Buffer.alloc(commitmentBytes);

  /** @param key 32 bytes */
  constructor(key: Uint8Array) {
    this.#aes = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
    this.#subkey = doubled(this.#aes.update(Buffer.alloc(16)));
    const template = this.#template;
    for (const at of this.#subkey.keys()) {
      template[at] = template[16 + at] = this.#subkey[at] as number;
    }
    // Counter, label and separator of the key derivation in counter mode, NIST SP 800-108r1.
    xorText(template, '\x00\x01X\x00', 0);
    xorText(template, '\x00\x02X\x00', 16);
    xorText(template, 'XCMT', 32);
    this.#first = Buffer.from(template);
  }

  /** @param nonceAt where 24 bytes stand that are never used twice: random ones */
  derive(message: Buffer, nonceAt = 0): MessageKey {
    const { keys, commitments } = this.#deriveInto(message, nonceAt, 1, this.#first, this.#second);
    return { key: keys.subarray(0, 32), commitment: commitments };
  }

  /** For many messages at once: a call to OpenSSL for one costs as much as for a dozen. */
  deriveBatch(nonces: Buffer): MessageKeyBatch {
    const count = nonces.length / nonceBytes;
    const first = Buffer.alloc(count * firstBytes, this.#template);
    return this.#deriveInto(nonces, 0, count, first, Buffer.alloc(count * commitmentBytes));
  }

  /** @param first as many templates as there are nonces */
  #deriveInto(
    nonces: Buffer,
    nonceAt: number,
    count: number,
    first: Buffer,
    second: Buffer,
  ): MessageKeyBatch {
    for (let index = 0; index < count; index += 1) {
      this.#writeFirst(first, index * firstBytes, nonces, nonceAt + index * nonceBytes);
    }
    const keys = this.#aes.update(first);
    for (let index = 0; index < count; index += 1) {
      const tailAt = nonceAt + index * nonceBytes + 12;
      this.#writeSecond(second, index * commitmentBytes, keys, index * firstBytes + 32, nonces, tailAt);
    }
    return { keys, commitments: this.#aes.update(second) };
  }

  #writeFirst(first: Buffer, start: number, nonces: Buffer, nonceAt: number): void {
    const template = this.#template;
    for (let at = 4; at < 16; at += 1) {
      const byte = nonces[nonceAt + at - 4] as number;
      first[start + at] = byte ^ (template[at] as number);
      first[start + 16 + at] = byte ^ (template[16 + at] as number);
      first[start + 32 + at] = byte;
    }
  }

  /** @param chainAt where the first block of the commitment stands encrypted in `chain` */
  #writeSecond(
    second: Buffer,
    start: number,
    chain: Buffer,
    chainAt: number,
    nonces: Buffer,
    tailAt: number,
  ): void {
    const subkey = this.#subkey;
    for (let at = 0; at < 16; at += 1) {
      const tail = at < 12 ? (nonces[tailAt + at] as number) : at === 13 ? 1 : 0;
      const byte = (chain[chainAt + at] as number) ^ (subkey[at] as number) ^ tail;
      second[start + at] = at === 15 ? byte ^ 1 : byte;
      second[start + 16 + at] = at === 15 ? byte ^ 2 : byte;
    }
  }

  /** Overwrites what it can. What OpenSSL holds is freed with the object. */
  destroy(): void {
    for (const secret of [this.#subkey, this.#template, this.#first, this.#second]) secret.fill(0);
  }
}

/** Multiplied by x in GF(2^128). */
function doubled(block: Buffer): Buffer {
  const carry = (block[0] as number) >> 7;
  const result = Buffer.from(block.map((byte, at) => ((byte << 1) | ((block[at + 1] ?? 0) >> 7)) & 0xff));
  result[15] = (result[15] as number) ^ (carry * 0x87);
  return result;
}

function xorText(target: Buffer, text: string, start: number): void {
  for (const [at, byte] of Buffer.from(text, 'latin1').entries()) {
    target[start + at] = (target[start + at] as number) ^ byte;
  }
}
