import { createHmac, hkdfSync } from 'node:crypto';
import { encodePlace, type PlacePart } from '../place/encode-place';
import { PlaceWriter } from '../place/place-writer';
import { Sealer } from '../xaes/sealer';
import { headerBytes, headerOf } from './header';

const cellDomain = 'unite.crypto.cell';

/** The key of one column of one tenant, derived from a data key. */
export class FieldKey {
  readonly #sealer: Sealer;
  readonly #indexKey: Uint8Array;
  readonly #header: Buffer;
  readonly #cell: readonly [tenantId: string, table: string, column: string];
  /** Of cells whose row has one part, as most have. */
  readonly #places: PlaceWriter;

  constructor(dataKey: Uint8Array, keyId: number, tenantId: string, table: string, column: string) {
    this.#cell = [tenantId, table, column];
    this.#sealer = new Sealer(this.#derive(dataKey, 'unite.crypto.field'));
    this.#indexKey = this.#derive(dataKey, 'unite.crypto.index');
    this.#header = headerOf(keyId);
    this.#places = new PlaceWriter(cellDomain, this.#cell);
  }

  seal(plaintext: Uint8Array, row: readonly PlacePart[]): Buffer {
    return this.#sealer.seal(plaintext, this.#placeOf(row), this.#header);
  }

  /** @throws CryptoError */
  open(sealed: Uint8Array, row: readonly PlacePart[]): Buffer {
    return this.#sealer.open(sealed, this.#placeOf(row), headerBytes);
  }

  /** Blind index: the same for the same bytes, and telling nothing else of them to who has no key. */
  index(plaintext: Uint8Array, bits: number): string {
    const mac = createHmac('sha256', this.#indexKey).update(plaintext).digest();
    return mac.subarray(0, bits / 8).toString('base64url');
  }

  destroy(): void {
    this.#sealer.destroy();
    this.#indexKey.fill(0);
  }

  #placeOf(row: readonly PlacePart[]): Buffer {
    return row.length === 1
      ? this.#places.write(row[0] as PlacePart)
      : encodePlace(cellDomain, [...this.#cell, ...row]);
  }

  /** HKDF with SHA-256, RFC 5869. The data key is random, and needs no salt (§3.1). */
  #derive(dataKey: Uint8Array, domain: string): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', dataKey, '', encodePlace(domain, this.#cell), 32));
  }
}
