import { randomBytes } from 'node:crypto';
import { checkOptions, expects, optionChecks } from '@unite/shared';
import { askHosted, hostedError, malformedAnswer } from '../hosted/ask-hosted';
import { keyPlace } from '../key-place';
import type { KeyBinding, KeyProvider, RootKey, WrappedKey } from '../key-types';
import { keyBytes } from '../root-ring';
import { codeOf, cryptoki, pkcs11Failure } from './cryptoki';
import type { Pkcs11Like, Pkcs11Mechanism } from './pkcs11-types';
import { TokenSession, title } from './token-session';

/** Options of `pkcs11Keyring`. */
export interface Pkcs11KeyringOptions {
  /** A `PKCS11` of `pkcs11js` that has loaded its module; it stays the caller's. */
  readonly pkcs11: Pkcs11Like;
  /** Label of the token. */
  readonly tokenLabel: string;
  /** The user's PIN. */
  readonly pin: string;
  /** Label of the AES-256 root key that wraps. */
  readonly keyLabel: string;
  /** Labels of root keys that wrapped before. @default [] */
  readonly previousKeyLabels?: readonly string[] | undefined;
}

/** A keyring in a token. Made by `pkcs11Keyring`. */
export interface Pkcs11Keyring extends KeyProvider {
  /** Waits for what is under way and ends the session. Idempotent, never rejects. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const ivBytes = 12;
const tagBytes = 16;
const wrappedBytes = ivBytes + keyBytes + tagBytes;

/**
 * Root keys in a hardware security module behind PKCS#11, which never leave it. Data keys are made here and encrypted
 * there by AES-GCM with tenant and data key as additional authenticated data, under random nonces of 96 bits: good for
 * some 2^32 data keys for each root key. It has no store of its own.
 *
 * The token is asked in a thread of its own, one thing at a time. To rotate, make a key with another label in the
 * token, name it, and rewrap.
 *
 * @throws TypeError
 * @example
 * const pkcs11 = new PKCS11();
 * pkcs11.load('/usr/lib/softhsm/libsofthsm2.so');
 * const keys = pkcs11Keyring({ pkcs11, tokenLabel: 'crm', pin: env.hsmPin, keyLabel: 'fields-2026' });
 */
export function pkcs11Keyring(options: Pkcs11KeyringOptions): Pkcs11Keyring {
  checkOptions('pkcs11Keyring', options, checks, ['pkcs11', 'tokenLabel', 'keyLabel']);
  // What is given is not shown.
  if (typeof options.pin !== 'string' || options.pin === '')
    throw new TypeError('pkcs11Keyring: option "pin" must be text');
  const { pkcs11, tokenLabel, pin, keyLabel, previousKeyLabels = [] } = options;
  const token = new TokenSession({ pkcs11, tokenLabel, pin });
  const labels = [keyLabel, ...previousKeyLabels];

  function ask<Answer>(
    signal: AbortSignal,
    work: (session: Buffer) => Promise<Answer>,
    failureOf = pkcs11Failure,
  ): Promise<Answer> {
    return askHosted({ title, signal, failureOf }, () => token.use(signal, work));
  }

  async function wrap(key: Uint8Array, binding: KeyBinding, signal: AbortSignal): Promise<WrappedKey> {
    const iv = randomBytes(ivBytes);
    const mechanism = mechanismOf(iv, keyPlace(binding));
    const sealed = await ask(signal, (session) => {
      pkcs11.C_EncryptInit(session, mechanism, token.findKey(session, keyLabel));
      return pkcs11.C_EncryptAsync(session, Buffer.from(key), Buffer.alloc(wrappedBytes));
    });
    const bytes = Buffer.concat([iv, sealed]);
    if (bytes.length !== wrappedBytes) throw malformedAnswer(title);
    return { rootKeyId: keyLabel, bytes };
  }

  async function unwrap({ rootKeyId, bytes }: WrappedKey, binding: KeyBinding, signal: AbortSignal) {
    const place = keyPlace(binding);
    if (!labels.includes(rootKeyId)) throw hostedError(title, 'UNITE_CRYPTO_KEY_UNKNOWN');
    if (bytes.length !== wrappedBytes) throw hostedError(title, 'UNITE_CRYPTO_UNWRAP_FAILED');
    const mechanism = mechanismOf(Buffer.from(bytes.subarray(0, ivBytes)), place);
    let isDoubtful = false;
    const failureOf = (error: unknown) => {
      isDoubtful = codeOf(error) === cryptoki.generalError;
      return pkcs11Failure(error);
    };
    const decrypting = ask(
      signal,
      (session) => {
        pkcs11.C_DecryptInit(session, mechanism, token.findKey(session, rootKeyId));
        const sealed = Buffer.from(bytes.subarray(ivBytes));
        return pkcs11.C_DecryptAsync(session, sealed, Buffer.alloc(wrappedBytes));
      },
      failureOf,
    );
    const key = await decrypting.catch(async (error) => {
      if (!isDoubtful) throw error;
      // SoftHSM says so of a wrapped key that was altered, others of a fault: a token that works tells which it is.
      await wrap(randomBytes(keyBytes), binding, signal);
      throw hostedError(title, 'UNITE_CRYPTO_UNWRAP_FAILED');
    });
    if (key.length !== keyBytes) throw malformedAnswer(title);
    return key;
  }

  return {
    name: 'pkcs11',
    algorithm: 'AES-GCM (PKCS#11)',
    async generate(binding, { signal }) {
      const key = randomBytes(keyBytes);
      return { key, wrapped: await wrap(key, binding, signal) };
    },
    async unwrap(wrapped, binding, { signal }) {
      return unwrap(wrapped, binding, signal);
    },
    async rewrap(wrapped, binding, { signal }) {
      if (wrapped.rootKeyId === keyLabel) return wrapped;
      const key = await unwrap(wrapped, binding, signal);
      try {
        return await wrap(key, binding, signal);
      } finally {
        key.fill(0);
      }
    },
    async rootKeys() {
      return labels.map((id): RootKey => ({ id, state: id === keyLabel ? 'primary' : 'previous' }));
    },
    close: () => token.close(),
    [Symbol.asyncDispose]: () => token.close(),
  };
}

const checks = {
  pkcs11: expects('a PKCS11 of pkcs11js that has loaded a module', isPkcs11),
  tokenLabel: optionChecks.string,
  // Checked apart.
  pin: () => undefined,
  keyLabel: optionChecks.string,
  previousKeyLabels: expects(
    'a list of labels',
    (labels) => Array.isArray(labels) && labels.every((label) => typeof label === 'string' && label !== ''),
  ),
};

function isPkcs11(value: unknown): boolean {
  const { C_EncryptAsync, C_DecryptAsync } = (value ?? {}) as Partial<Pkcs11Like>;
  return typeof C_EncryptAsync === 'function' && typeof C_DecryptAsync === 'function';
}

function mechanismOf(iv: Buffer, aad: Buffer): Pkcs11Mechanism {
  return {
    mechanism: cryptoki.mechanismAesGcm,
    parameter: {
      type: cryptoki.parametersAesGcm,
      iv,
      aad,
      ivBits: ivBytes * 8,
      tagBits: tagBytes * 8,
    },
  };
}
