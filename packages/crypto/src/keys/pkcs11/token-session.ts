import { CryptoError } from '../../errors';
import { hostedError } from '../hosted/ask-hosted';
import { codeOf, cryptoki, pkcs11Failure } from './cryptoki';
import type { Pkcs11Attribute, Pkcs11Like } from './pkcs11-types';

/** Which token, and who logs in. */
export interface TokenSessionOptions {
  readonly pkcs11: Pkcs11Like;
  readonly tokenLabel: string;
  readonly pin: string;
}

export const title = 'The PKCS#11 token';
/** Whoever waits behind so many waits in vain. */
const maxWaiting = 1_000;

/** One session with a token, which does one thing at a time. It is opened when it is needed, and again after a fault. */
export class TokenSession {
  readonly #options: TokenSessionOptions;
  #session: Buffer | undefined;
  #hasInitialized = false;
  /** A PIN that was refused is not tried again: after a few times the token would be locked. */
  #refusedPin: unknown;
  #isClosed = false;
  #waiting = 0;
  /** Ends with what was asked last. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: TokenSessionOptions) {
    this.#options = options;
  }

  /** Does `work` when what was asked before has ended. @throws what `work` throws */
  async use<Result>(signal: AbortSignal, work: (session: Buffer) => Promise<Result>): Promise<Result> {
    if (this.#isClosed) throw new CryptoError('UNITE_CRYPTO_CLOSED', `${title} is closed`);
    if (this.#waiting >= maxWaiting) throw hostedError(title, 'UNITE_CRYPTO_KEYS_UNAVAILABLE');
    this.#waiting += 1;
    const turn = this.#last.then(() => {
      // Nobody waits for it any more.
      signal.throwIfAborted();
      return this.#run(work);
    });
    this.#last = turn.then(ignore, ignore);
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** The one AES key with this label. @throws CryptoError `UNITE_CRYPTO_KEY_UNKNOWN`, `UNITE_CRYPTO_KEYRING_INVALID` */
  findKey(session: Buffer, label: string): Buffer {
    const template: Pkcs11Attribute[] = [
      { type: cryptoki.attributeClass, value: cryptoki.classSecretKey },
      { type: cryptoki.attributeKeyType, value: cryptoki.keyTypeAes },
      { type: cryptoki.attributeLabel, value: label },
    ];
    const { pkcs11 } = this.#options;
    pkcs11.C_FindObjectsInit(session, template);
    try {
      const [key, another] = pkcs11.C_FindObjects(session, 2);
      if (!key) throw hostedError(title, 'UNITE_CRYPTO_KEY_UNKNOWN');
      if (another) {
        const message = `${title} has several keys with the label of one root key`;
        throw new CryptoError('UNITE_CRYPTO_KEYRING_INVALID', message);
      }
      return key;
    } finally {
      pkcs11.C_FindObjectsFinal(session);
    }
  }

  /** Waits for what is under way, and gives the session back. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#last;
    this.#drop();
    if (this.#hasInitialized) attempt(() => this.#options.pkcs11.C_Finalize());
    this.#hasInitialized = false;
  }

  async #run<Result>(work: (session: Buffer) => Promise<Result>): Promise<Result> {
    const isReused = this.#session !== undefined;
    try {
      return await work(this.#opened());
    } catch (error) {
      // An operation may have been begun and not ended.
      this.#drop();
      if (!isReused || !isOfSession(error)) throw error;
    }
    return this.#run(work);
  }

  #opened(): Buffer {
    if (this.#session) return this.#session;
    const { pkcs11, tokenLabel } = this.#options;
    this.#hasInitialized ||= unlessCode(cryptoki.alreadyInitialized, () =>
      pkcs11.C_Initialize({ flags: cryptoki.flagOsLocking }),
    );
    // Labels are padded with blanks.
    const slot = pkcs11
      .C_GetSlotList(true)
      .find((each) => pkcs11.C_GetTokenInfo(each).label.trimEnd() === tokenLabel);
    if (!slot)
      throw hostedError(title, 'UNITE_CRYPTO_KEYS_UNAVAILABLE', new Error('no token with this label'));
    this.#session = pkcs11.C_OpenSession(slot, cryptoki.flagSerialSession);
    this.#login(this.#session);
    return this.#session;
  }

  #login(session: Buffer): void {
    if (this.#refusedPin) throw this.#refusedPin;
    const { pkcs11, pin } = this.#options;
    try {
      unlessCode(cryptoki.alreadyLoggedIn, () => pkcs11.C_Login(session, cryptoki.userTypeUser, pin));
    } catch (error) {
      if (pkcs11Failure(error) === 'UNITE_CRYPTO_KEYS_DENIED') this.#refusedPin = error;
      throw error;
    }
  }

  #drop(): void {
    const session = this.#session;
    this.#session = undefined;
    if (session) attempt(() => this.#options.pkcs11.C_CloseSession(session));
  }
}

/** Whether another session may do it: the token was pulled and put back, or somebody in this process logged out. */
function isOfSession(error: unknown): boolean {
  // Keys are not seen without a login.
  const isUnseen = CryptoError.isInstance(error) && error.code === 'UNITE_CRYPTO_KEY_UNKNOWN';
  return isUnseen || cryptoki.sessionFaults.some((code) => code === codeOf(error));
}

/** Whether it was done; `false` where it returned this value. */
function unlessCode(code: number, work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (codeOf(error) === code) return false;
    throw error;
  }
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // It is gone already.
  }
}

function ignore(): void {}
