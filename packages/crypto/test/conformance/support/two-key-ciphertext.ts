import { encryptBlock } from './kc-xaes-reference';

/**
 * One block of ciphertext and its tag that AES-GCM opens under both keys, each to something else.
 *
 * The tag is a polynomial over GF(2^128) in the hash key H, NIST SP 800-38D §6.4. For a block C without additional
 * data it is C·H² + L·H + E(J0), L being the block of lengths. Both keys give the same tag where
 * C = (L·(H1 + H2) + E1(J0) + E2(J0)) / (H1² + H2²).
 *
 * @param nonce 12 bytes
 */
export function twoKeyCiphertext(
  keys: readonly [Buffer, Buffer],
  nonce: Buffer,
): { readonly ciphertext: Buffer; readonly tag: Buffer } {
  const [first, second] = keys.map((key) => ({
    hashKey: toField(encryptBlock(key, Buffer.alloc(16))),
    mask: toField(encryptBlock(key, Buffer.concat([nonce, Buffer.from([0, 0, 0, 1])]))),
  })) as [HashedKey, HashedKey];
  const lengths = 128n;
  const sumOfKeys = first.hashKey ^ second.hashKey;
  const block = times(
    times(lengths, sumOfKeys) ^ first.mask ^ second.mask,
    inverse(times(sumOfKeys, sumOfKeys)),
  );
  const tag = times(times(block, first.hashKey) ^ lengths, first.hashKey) ^ first.mask;
  return { ciphertext: fromField(block), tag: fromField(tag) };
}

interface HashedKey {
  readonly hashKey: bigint;
  readonly mask: bigint;
}

/** NIST SP 800-38D §6.3, algorithm 1: the highest bit is the lowest power of x. */
function times(left: bigint, right: bigint): bigint {
  let product = 0n;
  let shifted = right;
  for (const bit of Array.from({ length: 128 }).keys()) {
    if ((left >> BigInt(127 - bit)) & 1n) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ (0xe1n << 120n) : shifted >> 1n;
  }
  return product;
}

/** To the power of 2^128 − 2, which is 2 + 4 + … + 2^127. */
function inverse(element: bigint): bigint {
  let power = element;
  let product = 1n << 127n;
  for (const _ of Array.from({ length: 127 })) {
    power = times(power, power);
    product = times(product, power);
  }
  return product;
}

function toField(block: Buffer): bigint {
  return BigInt(`0x${block.toString('hex')}`);
}

function fromField(element: bigint): Buffer {
  return Buffer.from(element.toString(16).padStart(32, '0'), 'hex');
}
