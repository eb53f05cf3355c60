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
  /** Three blocks: both counters of the key derivation, and the first block of the commitment. */
  readonly #first = Buffer.alloc(48);
  /** The last blocks of both halves of the commitment. */
  readonly #second = Buffer.alloc(32);

  /** @param key 32 bytes */
  constructor(key: Uint8Array) {
    this.#aes = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
    this.#subkey = doubled(this.#aes.update(Buffer.alloc(16)));
    for (const at of this.#subkey.keys()) {
      this.#first[at] = this.#first[16 + at] = this.#subkey[at] as number;
    }
    // Counter, label and separator of the key derivation in counter mode, NIST SP 800-108r1.
    xorText(this.#first, '\x00\x01X\x00', 0);
    xorText(this.#first, '\x00\x02X\x00', 16);
    xorText(this.#first, 'XCMT', 32);
  }

  /** @param nonce 24 bytes that are never used twice: random ones */
  derive(nonce: Buffer): MessageKey {
    const first = this.#first;
    const subkey = this.#subkey;
    for (let at = 0; at < 12; at += 1) {
      const byte = nonce[at] as number;
      first[4 + at] = byte ^ (subkey[4 + at] as number);
      first[20 + at] = byte ^ (subkey[4 + at] as number);
      first[36 + at] = byte;
    }
    const derived = this.#aes.update(first);
    const second = this.#second;
    for (let at = 0; at < 16; at += 1) {
      const tail = at < 12 ? (nonce[12 + at] as number) : at === 13 ? 1 : 0;
      const byte = (derived[32 + at] as number) ^ (subkey[at] as number) ^ tail;
      second[at] = at === 15 ? byte ^ 1 : byte;
      second[16 + at] = at === 15 ? byte ^ 2 : byte;
    }
    return { key: derived.subarray(0, 32), commitment: this.#aes.update(second) };
  }

  /** Overwrites what it can. What OpenSSL holds is freed with the object. */
  destroy(): void {
    this.#subkey.fill(0);
    this.#first.fill(0);
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
