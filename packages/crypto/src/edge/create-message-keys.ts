const blockBytes = 16;
const zeroBlock = new Uint8Array(blockBytes);
const text = new TextEncoder();

type Bytes = Uint8Array<ArrayBuffer>;

/** What one message is encrypted with. */
export interface EdgeMessageKey {
  readonly gcmKey: CryptoKey;
  readonly commitment: Uint8Array;
}

/** Derives message keys from one key. */
export interface EdgeMessageKeys {
  /** @param nonce 24 bytes that are never used twice: random ones */
  derive(nonce: Uint8Array): Promise<EdgeMessageKey>;
}

/** The message keys of XAES-256-GCM, and the commitments of KC-XAES-256-GCM, by WebCrypto. */
export async function createMessageKeys(key: Bytes): Promise<EdgeMessageKeys> {
  const cbcKey = await crypto.subtle.importKey('raw', key, 'AES-CBC', false, ['encrypt']);
  // NIST SP 800-38B §6.1.
  const subkey = doubled(await lastBlockOf(zeroBlock));
  return { derive };

  async function derive(nonce: Uint8Array): Promise<EdgeMessageKey> {
    const start = nonce.subarray(0, 12);
    const [firstHalf, secondHalf, firstCommitment, secondCommitment] = await Promise.all([
      // Counter, label and separator of the key derivation in counter mode, NIST SP 800-108r1.
      cmac([...text.encode('\x00\x01X\x00'), ...start]),
      cmac([...text.encode('\x00\x02X\x00'), ...start]),
      // eprint 2025/758.
      cmac([...text.encode('XCMT'), ...nonce, 0, 1, 0, 1]),
      cmac([...text.encode('XCMT'), ...nonce, 0, 1, 0, 2]),
    ]);
    const raw = Uint8Array.from([...firstHalf, ...secondHalf]);
    const gcmKey = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
    raw.fill(0);
    return { gcmKey, commitment: Uint8Array.from([...firstCommitment, ...secondCommitment]) };
  }

  /** NIST SP 800-38B §6.2, for whole blocks: the last block of CBC, with a subkey in the last one. */
  function cmac(message: readonly number[]): Promise<Bytes> {
    const lastAt = message.length - blockBytes;
    return lastBlockOf(
      Uint8Array.from(message, (byte, at) => (at < lastAt ? byte : byte ^ (subkey[at - lastAt] as number))),
    );
  }

  /** WebCrypto has no AES of single blocks: it is CBC from a block of zeros, and what it pads is left out. */
  async function lastBlockOf(blocks: Bytes): Promise<Bytes> {
    const encrypted = await crypto.subtle.encrypt({ name: 'AES-CBC', iv: zeroBlock }, cbcKey, blocks);
    return new Uint8Array(encrypted, blocks.length - blockBytes, blockBytes);
  }
}

/** Multiplied by x in GF(2^128). */
function doubled(block: Bytes): Bytes {
  const carry = (block[0] as number) >> 7;
  const shifted = block.map((byte, at) => (byte << 1) | ((block[at + 1] ?? 0) >> 7));
  shifted[blockBytes - 1] = (shifted[blockBytes - 1] as number) ^ (carry * 0x87);
  return shifted;
}
