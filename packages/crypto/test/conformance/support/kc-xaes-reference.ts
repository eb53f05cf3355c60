import { createCipheriv, createDecipheriv } from 'node:crypto';

// KC-XAES-256-GCM by the book: each step as its document says it, nothing kept, nothing fast.

/** `nonce (24) | commitment (32) | ciphertext | tag (16)` */
export function referenceSeal(key: Buffer, nonce: Buffer, plaintext: Buffer, aad: Buffer): Buffer {
  return Buffer.concat([nonce, commitmentOf(key, nonce), xaesSeal(key, nonce, plaintext, aad)]);
}

/** `undefined` for whatever is wrong. */
export function referenceOpen(key: Buffer, sealed: Buffer, aad: Buffer): Buffer | undefined {
  const nonce = sealed.subarray(0, 24);
  if (!commitmentOf(key, nonce).equals(sealed.subarray(24, 56))) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', derivedKey(key, nonce), nonce.subarray(12), {
    authTagLength: 16,
  });
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(-16));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(56, -16)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** XAES-256-GCM of the C2SP specification: `ciphertext | tag`. */
export function xaesSeal(key: Buffer, nonce: Buffer, plaintext: Buffer, aad: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', derivedKey(key, nonce), nonce.subarray(12), {
    authTagLength: 16,
  });
  cipher.setAAD(aad);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/**
 * NIST SP 800-108r1 §4.1, counter mode with CMAC: counter of 16 bits, label `X`, a zero byte, the first half of the
 * nonce as context, and no length.
 */
export function derivedKey(key: Buffer, nonce: Buffer): Buffer {
  const context = nonce.subarray(0, 12);
  const block = (counter: number) => Buffer.concat([Buffer.from([0, counter]), Buffer.from('X\0'), context]);
  return Buffer.concat([cmac(key, block(1)), cmac(key, block(2))]);
}

/** eprint 2025/758: CMAC of label, nonce, and the lengths 1 and i as 16-bit numbers. */
export function commitmentOf(key: Buffer, nonce: Buffer): Buffer {
  const half = (counter: number) =>
    cmac(key, Buffer.concat([Buffer.from('XCMT'), nonce, Buffer.from([0, 1, 0, counter])]));
  return Buffer.concat([half(1), half(2)]);
}

/** NIST SP 800-38B §6.2 for messages of any length. */
export function cmac(key: Buffer, message: Buffer): Buffer {
  const firstSubkey = timesX(encryptBlock(key, Buffer.alloc(16)));
  const blocks = Math.max(1, Math.ceil(message.length / 16));
  const last = message.subarray((blocks - 1) * 16);
  const lastBlock =
    last.length === 16
      ? xor(last, firstSubkey)
      : xor(Buffer.concat([last, Buffer.from([0x80]), Buffer.alloc(15 - last.length)]), timesX(firstSubkey));
  let state: Buffer = Buffer.alloc(16);
  for (const at of Array.from({ length: blocks - 1 }).keys()) {
    state = encryptBlock(key, xor(state, message.subarray(at * 16, at * 16 + 16)));
  }
  return encryptBlock(key, xor(state, lastBlock));
}

/** NIST SP 800-38B §6.1: one bit to the left, and the polynomial for the bit that falls out. */
function timesX(block: Buffer): Buffer {
  const shifted = BigInt(`0x${block.toString('hex')}`) << 1n;
  const reduced = shifted >> 128n === 0n ? shifted : shifted ^ (1n << 128n) ^ 0x87n;
  return Buffer.from(reduced.toString(16).padStart(32, '0'), 'hex');
}

export function encryptBlock(key: Buffer, block: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]);
}

function xor(left: Buffer, right: Buffer): Buffer {
  return Buffer.from(left.map((byte, at) => byte ^ (right[at] as number)));
}
