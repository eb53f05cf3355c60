import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '@unite/core';
import { CryptoError } from '../errors';
import type { CookieSecret } from './check-secrets';
import { CookieSealer } from './cookie-sealer';
import { endCookieText, hostCookieName, readCookies, setCookieText } from './cookie-text';
import { randomToken } from './pkce';

/** How long a person may take at the provider. */
const attemptMs = 600_000;
/** Logins under way in one browser, in tabs of their own. Of more the oldest is given up, or cookies would fill the header. */
const maxAttempts = 5;
const idLength = 16;

/** A login under way. */
export interface LoginAttempt {
  /** Ties the callback to the browser that began. RFC 6749 §10.12 */
  readonly state: string;
  /** Ties the ID token to this login. OpenID Connect Core §15.5.2 */
  readonly nonce: string;
  /** Ties the code to this login. RFC 7636 §4.1 */
  readonly verifier: string;
  readonly returnTo: string;
}

interface SealedAttempt extends LoginAttempt {
  readonly untilMs: number;
}

/** What is known about logins under way: each in a sealed cookie of its own, in the browser that began it. */
export class LoginAttempts {
  readonly #sealer: CookieSealer;
  readonly #prefix: string;
  readonly #secure: boolean;
  readonly #clock: Clock;

  constructor(secrets: readonly CookieSecret[], secure: boolean, clock: Clock) {
    this.#sealer = new CookieSealer('login', secrets);
    this.#prefix = hostCookieName('login-', secure);
    this.#secure = secure;
    this.#clock = clock;
  }

  /** @returns the attempt, and the cookies that keep it and drop those of too many */
  begin(
    headers: Headers,
    returnTo: string,
  ): { readonly attempt: LoginAttempt; readonly cookies: readonly string[] } {
    const attempt = { state: randomToken(), nonce: randomToken(), verifier: randomToken(), returnTo };
    const name = this.#nameOf(attempt.state);
    const value = this.#sealer.seal(name, { ...attempt, untilMs: this.#clock.wallMs() + attemptMs });
    const cookie = setCookieText({ name, value, maxAgeMs: attemptMs, secure: this.#secure });
    // Browsers send the oldest first: RFC 6265 §5.4.
    const others = [...readCookies(headers).keys()].filter((other) => other.startsWith(this.#prefix));
    const tooMany = others.slice(0, Math.max(0, others.length - maxAttempts + 1));
    return { attempt, cookies: [cookie, ...tooMany.map((other) => endCookieText(other, this.#secure))] };
  }

  /** @throws CryptoError `UNITE_CRYPTO_LOGIN_INVALID` where this browser began no such login, or too long ago */
  find(headers: Headers, states: readonly string[]): LoginAttempt {
    const [state = ''] = states;
    const name = this.#nameOf(state);
    const attempt = this.#open(name, readCookies(headers).get(name) ?? []);
    if (states.length !== 1 || !attempt || !isSame(attempt.state, state)) {
      throw invalid('was not begun in this browser, or is over already');
    }
    if (this.#clock.wallMs() >= attempt.untilMs) throw invalid('took too long');
    return attempt;
  }

  /** `Set-Cookie` after which a callback with this state is refused. */
  end({ state }: LoginAttempt): string {
    return endCookieText(this.#nameOf(state), this.#secure);
  }

  /** Of several with one name the first that opens. */
  #open(name: string, values: readonly string[]): SealedAttempt | undefined {
    for (const value of values) {
      // Whatever opens was sealed above.
      const attempt = this.#sealer.open(name, value) as SealedAttempt | undefined;
      if (attempt) return attempt;
    }
    return undefined;
  }

  #nameOf(state: string): string {
    return `${this.#prefix}${state.slice(0, idLength)}`;
  }
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function invalid(what: string): CryptoError {
  return new CryptoError('UNITE_CRYPTO_LOGIN_INVALID', `The login ${what}`);
}
