import { hkdfSync } from 'node:crypto';
import { encodePlace } from '../place/encode-place';
import { Sealer } from '../xaes/sealer';
import type { CookieSecret } from './check-secrets';
import { maxCookieBytes } from './cookie-text';

const version = 1;
const header = Buffer.of(version);

/** Encrypts the values of cookies, each bound to its cookie's name. The first secret encrypts, all of them decrypt. */
export class CookieSealer {
  readonly #sealers: readonly Sealer[];
  readonly #purpose: string;

  /** @param purpose of the cookies; what one purpose sealed, no other opens */
  constructor(purpose: string, secrets: readonly CookieSecret[]) {
    this.#purpose = purpose;
    const info = encodePlace('unite.crypto.cookie', [purpose, version]);
    // RFC 5869: secrets are long and random, so that no salt is needed.
    this.#sealers = secrets.map(
      (secret) => new Sealer(new Uint8Array(hkdfSync('sha256', secret, '', info, 32))),
    );
  }

  /** @param value what JSON can say */
  seal(cookieName: string, value: unknown): string {
    const [newest] = this.#sealers as [Sealer];
    return newest
      .seal(Buffer.from(JSON.stringify(value)), this.#aad(cookieName), header)
      .toString('base64url');
  }

  /** `undefined` for whatever was not sealed here, under this name, by one of the secrets. */
  open(cookieName: string, sealed: string): unknown {
    if (sealed.length > maxCookieBytes) return undefined;
    const bytes = Buffer.from(sealed, 'base64url');
    // Several texts decode to the same bytes, and only one of them was given out.
    if (bytes[0] !== version || bytes.toString('base64url') !== sealed) return undefined;
    const aad = this.#aad(cookieName);
    for (const sealer of this.#sealers) {
      try {
        return JSON.parse(sealer.open(bytes, aad, header.length).toString());
      } catch {
        // By another secret, or altered: neither is worth more than no cookie.
      }
    }
    return undefined;
  }

  #aad(cookieName: string): Buffer {
    return encodePlace('unite.crypto.cookie', [this.#purpose, version, cookieName]);
  }
}
