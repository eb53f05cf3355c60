import type { HostedFailure } from '../hosted/ask-hosted';

/** Numbers of PKCS#11 2.40. @see https://docs.oasis-open.org/pkcs11/pkcs11-curr/v2.40/pkcs11-curr-v2.40.html */
export const cryptoki = {
  attributeClass: 0x0,
  attributeLabel: 0x3,
  attributeKeyType: 0x100,
  classSecretKey: 0x4,
  keyTypeAes: 0x1f,
  mechanismAesGcm: 0x1087,
  userTypeUser: 1,
  flagSerialSession: 0x4,
  flagOsLocking: 0x2,
  /** Of `pkcs11js`: which structure a mechanism's parameters are. */
  parametersAesGcm: 3,
  alreadyInitialized: 0x191,
  alreadyLoggedIn: 0x100,
  generalError: 0x5,
  /** KEY_HANDLE_INVALID, OBJECT_HANDLE_INVALID, SESSION_CLOSED, SESSION_HANDLE_INVALID, USER_NOT_LOGGED_IN */
  sessionFaults: [0x60, 0x82, 0xb0, 0xb3, 0x101],
} as const;

/** By PKCS#11's return values; others are outages. */
const failures: Readonly<Record<number, HostedFailure>> = {
  // ENCRYPTED_DATA_INVALID, ENCRYPTED_DATA_LEN_RANGE, AEAD_DECRYPT_FAILED (of version 3)
  64: 'UNITE_CRYPTO_UNWRAP_FAILED',
  65: 'UNITE_CRYPTO_UNWRAP_FAILED',
  66: 'UNITE_CRYPTO_UNWRAP_FAILED',
  // KEY_FUNCTION_NOT_PERMITTED: the key's CKA_ENCRYPT or CKA_DECRYPT is false
  104: 'UNITE_CRYPTO_KEY_DISABLED',
  // PIN_INCORRECT, PIN_INVALID, PIN_LEN_RANGE, PIN_EXPIRED, PIN_LOCKED
  160: 'UNITE_CRYPTO_KEYS_DENIED',
  161: 'UNITE_CRYPTO_KEYS_DENIED',
  162: 'UNITE_CRYPTO_KEYS_DENIED',
  163: 'UNITE_CRYPTO_KEYS_DENIED',
  164: 'UNITE_CRYPTO_KEYS_DENIED',
  // USER_NOT_LOGGED_IN, USER_PIN_NOT_INITIALIZED
  257: 'UNITE_CRYPTO_KEYS_DENIED',
  258: 'UNITE_CRYPTO_KEYS_DENIED',
};

/** What a return value means. */
export function pkcs11Failure(error: unknown): HostedFailure {
  return failures[codeOf(error) ?? -1] ?? 'UNITE_CRYPTO_KEYS_UNAVAILABLE';
}

/** The return value that an error stands for. */
export function codeOf(error: unknown): number | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'number' ? code : undefined;
}
