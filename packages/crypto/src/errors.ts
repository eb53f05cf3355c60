import type { ProblemSource } from '@unite/core';

/** Stable codes of {@link CryptoError}. */
export type CryptoErrorCode =
  /** Neither the call nor the context names a tenant. */
  | 'UNITE_CRYPTO_TENANT_MISSING'
  /** A tenant, a row id or a name is empty, too long, or not of its type. */
  | 'UNITE_CRYPTO_PLACE_INVALID'
  /** What should be encrypted is not of the field's type, or too long. */
  | 'UNITE_CRYPTO_VALUE_INVALID'
  /** The field is not declared with `search`. */
  | 'UNITE_CRYPTO_SEARCH_UNDECLARED'
  /** What should be decrypted is no ciphertext: plaintext, truncated, not base64url. */
  | 'UNITE_CRYPTO_FORMAT_INVALID'
  /** A ciphertext of a version or suite that this release does not know. */
  | 'UNITE_CRYPTO_VERSION_UNKNOWN'
  /** The ciphertext was made under a key of another tenant. */
  | 'UNITE_CRYPTO_TENANT_MISMATCH'
  /** The ciphertext does not commit to this key: another table or column, or it was altered. */
  | 'UNITE_CRYPTO_COMMITMENT_MISMATCH'
  /** The ciphertext is not of this row, or it was altered. */
  | 'UNITE_CRYPTO_AUTHENTICATION_FAILED'
  /** Plaintext, and the time in which it may be read is over. */
  | 'UNITE_CRYPTO_PLAINTEXT_REFUSED'
  /** `mayDecrypt` said no. */
  | 'UNITE_CRYPTO_DECRYPT_DENIED'
  /** No such data key or root key. */
  | 'UNITE_CRYPTO_KEY_UNKNOWN'
  | 'UNITE_CRYPTO_KEY_DISABLED'
  | 'UNITE_CRYPTO_KEY_DESTROYED'
  /** The tenant's keys were destroyed. */
  | 'UNITE_CRYPTO_TENANT_SHREDDED'
  /** The wrapped data key was altered, or belongs to another tenant. */
  | 'UNITE_CRYPTO_UNWRAP_FAILED'
  /** The key provider refuses these credentials. */
  | 'UNITE_CRYPTO_KEYS_DENIED'
  /** The key provider or the key store does not answer, or is throttling. */
  | 'UNITE_CRYPTO_KEYS_UNAVAILABLE'
  /** A keyring is malformed, or readable by others. */
  | 'UNITE_CRYPTO_KEYRING_INVALID'
  /** A key with this name is there already, or the primary changed meanwhile. */
  | 'UNITE_CRYPTO_KEY_CONFLICT'
  /** The vault is closed. */
  | 'UNITE_CRYPTO_CLOSED'
  /** A cross-site request that changes something. */
  | 'UNITE_CRYPTO_CSRF_REFUSED'
  /** A password or a stored hash is not usable: too long, not text, unknown algorithm. */
  | 'UNITE_CRYPTO_PASSWORD_INVALID'
  /** More passwords are waiting to be hashed than may. */
  | 'UNITE_CRYPTO_PASSWORD_BUSY'
  /** The login was not begun here, was used already, or its answer does not fit. */
  | 'UNITE_CRYPTO_LOGIN_INVALID'
  /** The identity provider refuses: `access_denied`. */
  | 'UNITE_CRYPTO_LOGIN_REFUSED'
  /** The identity provider does not answer. */
  | 'UNITE_CRYPTO_LOGIN_UNAVAILABLE'
  /** No role allows it. */
  | 'UNITE_CRYPTO_FORBIDDEN'
  /** There is no such secret. */
  | 'UNITE_CRYPTO_SECRET_UNKNOWN'
  /** The tables of secrets cannot be asked. */
  | 'UNITE_CRYPTO_SECRETS_UNAVAILABLE'
  /** A sweep cannot go on: a row cannot be decrypted, or the table is not as declared. */
  | 'UNITE_CRYPTO_SWEEP_FAILED'
  /** Another sweep of the same table is under way. */
  | 'UNITE_CRYPTO_SWEEP_RUNNING'
  /** A query that does with an encrypted column what only plaintext allows, or that does not name its row. */
  | 'UNITE_CRYPTO_QUERY_REFUSED'
  /** A connection is not encrypted as demanded. */
  | 'UNITE_CRYPTO_TLS_WEAK';

const brand = Symbol.for('unite.crypto.error');

/** What an error knows beyond its code. */
export interface CryptoErrorOptions extends ErrorOptions {
  /** What a client is told, where it is more than that something went wrong here. */
  readonly problem?: ProblemSource | undefined;
}

interface Kind {
  readonly status: number;
  readonly title: string;
}

const forbidden: Kind = { status: 403, title: 'Forbidden' };
const unavailable: Kind = { status: 503, title: 'Service Unavailable' };
/** Whoever tries ciphertexts learns the same from each: that it did not work. */
const opaque: Kind = { status: 500, title: 'Internal Server Error' };

const kinds: Partial<Record<CryptoErrorCode, Kind>> = {
  // Says nothing of a ciphertext: it is so for all of them.
  UNITE_CRYPTO_KEYS_UNAVAILABLE: unavailable,
  UNITE_CRYPTO_CLOSED: unavailable,
  UNITE_CRYPTO_DECRYPT_DENIED: forbidden,
  UNITE_CRYPTO_CSRF_REFUSED: forbidden,
  UNITE_CRYPTO_FORBIDDEN: forbidden,
  UNITE_CRYPTO_LOGIN_REFUSED: forbidden,
  UNITE_CRYPTO_LOGIN_INVALID: { status: 400, title: 'Bad Request' },
  UNITE_CRYPTO_PASSWORD_INVALID: { status: 422, title: 'Unprocessable Content' },
  UNITE_CRYPTO_PASSWORD_BUSY: unavailable,
  UNITE_CRYPTO_LOGIN_UNAVAILABLE: unavailable,
  UNITE_CRYPTO_SECRETS_UNAVAILABLE: unavailable,
};

/** What the package throws of its own. Neither message nor cause holds a key, a plaintext or a ciphertext. */
export class CryptoError extends Error {
  readonly code: CryptoErrorCode;
  /** Survives React Server Components, which replace the message of an error. */
  readonly digest: string;
  readonly #problem: ProblemSource | undefined;

  constructor(code: CryptoErrorCode, message: string, options: CryptoErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.#problem = options.problem;
    this.digest = `unite;${code};${this.status}`;
  }

  /** Holds across module copies, where `instanceof` does not. */
  static isInstance(value: unknown): value is CryptoError {
    return typeof value === 'object' && value !== null && (value as { [brand]?: unknown })[brand] === true;
  }

  override get name(): string {
    return 'CryptoError';
  }

  get status(): number {
    return this.#problem?.status ?? (kinds[this.code] ?? opaque).status;
  }

  get [brand](): true {
    return true;
  }

  /** What a client is told: for all that may be wrong with a ciphertext the same. */
  get problem(): ProblemSource {
    if (this.#problem) return this.#problem;
    const { status, title } = kinds[this.code] ?? opaque;
    return {
      type: 'about:blank',
      status,
      title,
      ...(status === 503 && { headers: { 'Retry-After': '1' } }),
    };
  }

  /** Express sends them, with `status`, where no other error middleware answers. */
  get headers(): Readonly<Record<string, string>> | undefined {
    return this.problem.headers;
  }

  /** For `@unite/problem`. */
  get [Symbol.for('unite.problem')](): ProblemSource {
    return this.problem;
  }
}
