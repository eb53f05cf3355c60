import type { Clock } from '@unite/core';

const randomBytes = 18;
const macBytes = 32;
/** Expiry in base 36, random bytes, MAC; the latter two without slack bits, so that a token is written in one way. */
const tokenPattern = /^([0-9a-z]{1,11})\.([\w-]{24})\.([\w-]{43})$/;

/**
 * Signed tokens that are bound to a session (OWASP CSRF Prevention Cheat Sheet, "Signed Double-Submit Cookie"). By
 * WebCrypto, which edge runtimes have too.
 */
export class CsrfTokens {
  readonly #secrets: readonly string[];
  readonly #ttlMs: number;
  readonly #clock: Clock;
  #keys: Promise<CryptoKey[]> | undefined;

  constructor(secrets: readonly string[], ttlMs: number, clock: Clock) {
    this.#secrets = secrets;
    this.#ttlMs = ttlMs;
    this.#clock = clock;
  }

  /** Random bytes make each one new, so that compression of a page tells nothing of it (BREACH). */
  async issue(sessionId: string): Promise<string> {
    if (typeof sessionId !== 'string' || sessionId === '') {
      throw new TypeError('csrf.token: the session id must be a non-empty text');
    }
    const [key] = await this.#importedKeys();
    const expiry = Math.floor(this.#clock.wallMs() + this.#ttlMs).toString(36);
    const random = toBase64Url(crypto.getRandomValues(new Uint8Array(randomBytes)));
    const mac = await crypto.subtle.sign('HMAC', key as CryptoKey, signedBytes(sessionId, expiry, random));
    return `${expiry}.${random}.${toBase64Url(new Uint8Array(mac))}`;
  }

  async verify(sessionId: string, token: string): Promise<boolean> {
    if (typeof sessionId !== 'string' || sessionId === '' || typeof token !== 'string') return false;
    const [, expiry = '', random = '', macText = ''] = tokenPattern.exec(token) ?? [];
    const mac = fromBase64Url(macText);
    if (!mac) return false;
    const bytes = signedBytes(sessionId, expiry, random);
    const verdicts = (await this.#importedKeys()).map((key) =>
      // Compares in constant time.
      crypto.subtle.verify('HMAC', key, mac, bytes),
    );
    return (await Promise.all(verdicts)).includes(true) && Number.parseInt(expiry, 36) > this.#clock.wallMs();
  }

  #importedKeys(): Promise<CryptoKey[]> {
    this.#keys ??= Promise.all(this.#secrets.map(importKey));
    return this.#keys;
  }
}

type CryptoKey = Awaited<ReturnType<typeof importKey>>;

function importKey(secret: string) {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  return crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, [
    'sign',
    'verify',
  ]);
}

/** The session's length stands before it, and the rest holds no dots: no two lists have the same bytes. */
function signedBytes(sessionId: string, expiry: string, random: string) {
  return new TextEncoder().encode(`unite.csrf.${sessionId.length}.${sessionId}.${expiry}.${random}`);
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** `undefined` for what is not the one way to write 32 bytes. */
function fromBase64Url(text: string) {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return bytes.length === macBytes && toBase64Url(bytes) === text ? bytes : undefined;
}
