import { createHmac } from 'node:crypto';
import type { PepperOptions } from './password-types';

/** Mixes a secret into passwords before they are hashed, by HMAC-SHA-256 (OWASP Password Storage Cheat Sheet, "Peppering"). */
export class Pepper {
  /** Of new hashes. `undefined`: none. */
  readonly primary: string | undefined;
  readonly #secrets: ReadonlyMap<string, Buffer>;

  constructor({ primary, secrets = {} }: Partial<PepperOptions> = {}) {
    this.primary = primary;
    this.#secrets = new Map(Object.entries(secrets).map(([id, secret]) => [id, Buffer.from(secret)]));
  }

  has(id: string): boolean {
    return this.#secrets.has(id);
  }

  /** New bytes, also without a pepper. */
  apply(password: Uint8Array, id: string | undefined): Buffer {
    const secret = id === undefined ? undefined : this.#secrets.get(id);
    return secret ? createHmac('sha256', secret).update(password).digest() : Buffer.from(password);
  }
}
