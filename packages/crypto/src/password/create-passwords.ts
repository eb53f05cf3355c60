import { randomBytes, timingSafeEqual } from 'node:crypto';
import { checkPasswordsOptions } from './check-passwords-options';
import { HashQueue } from './hash-queue';
import type { Passwords, PasswordsOptions, PasswordVerdict } from './password-types';
import { Pepper } from './pepper';
import { writePhc } from './phc';
import { preparePassword } from './prepare-password';
import { scrypt } from './scrypt';
import { readStoredHash, type StoredHash } from './stored-hash';

const saltBytes = 16;
const hashBytes = 32;

type Derivation = Omit<StoredHash, 'hash'>;

/**
 * Hashes passwords for storing, and verifies them when people sign in: slowly and with much memory, in bounded number,
 * and as slowly for those who do not exist.
 *
 * Passwords are text of at most `maxBytes`, in NFC (NIST SP 800-63B-4 §3.1.1.2), never cut. Ask `checkPassword` before
 * a new one is taken, and limit attempts: `createAuthLimiter` of `@unite/quota` does.
 *
 * Whatever is stored, or nothing, no answer comes before a hash of today could be made. A hash of a lower cost, of another
 * algorithm or of `legacy` takes its own time on top of that, and one of a higher cost takes longer: who measures often
 * may still tell such accounts, until `needsRehash` has replaced their hashes.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * const passwords = createPasswords({ algorithm: argon2id(await import('@node-rs/argon2')) });
 * const { ok, needsRehash } = await passwords.verify(user?.passwordHash, password);
 * if (user && needsRehash) await users.setPasswordHash(user.id, await passwords.hash(password));
 */
export function createPasswords(options: PasswordsOptions = {}): Passwords {
  checkPasswordsOptions(options);
  const { algorithm = scrypt(), previous = [], legacy, maxBytes = 1_024 } = options;
  const { maxConcurrent = 2, maxQueued = 64 } = options;
  const pepper = new Pepper(options.pepper);
  const queue = new HashQueue(maxConcurrent, maxQueued);
  // The first of an id reads hashes.
  const known = [algorithm, ...previous, scrypt()];
  const nobody = fresh();

  return {
    async hash(password, { signal } = {}) {
      const prepared = preparePassword(password, maxBytes);
      const by = fresh();
      const { parameters, salt, pepperId } = by;
      const hash = await queue.run(
        () => derive(prepared, by, hashBytes).finally(() => prepared.fill(0)),
        signal,
      );
      return writePhc({
        id: algorithm.id,
        version: algorithm.version,
        parameters: { ...parameters, ...(pepperId !== undefined && { pepper: pepperId }) },
        salt,
        hash,
      });
    },

    async verify(hash, password, { signal } = {}) {
      const prepared = preparePassword(password, maxBytes);
      return queue.run(() => compare(hash, password, prepared).finally(() => prepared.fill(0)), signal);
    },

    status: () => queue.status(),
  };

  function fresh(): Derivation {
    return {
      algorithm,
      parameters: algorithm.parameters,
      salt: randomBytes(saltBytes),
      pepperId: pepper.primary,
    };
  }

  async function compare(
    hash: string | null | undefined,
    password: string,
    prepared: Buffer,
  ): Promise<PasswordVerdict> {
    let isSpent = false;
    try {
      if (hash == null) return { ok: false, needsRehash: false };
      if (legacy?.matches(hash)) {
        const ok = (await legacy.verify(hash, password)) === true;
        return { ok, needsRehash: ok };
      }
      const stored = readStoredHash(hash, known, pepper);
      const derived = await derive(prepared, stored, stored.hash.length);
      isSpent = costsAsMuchAsToday(stored);
      const ok = timingSafeEqual(derived, stored.hash);
      return { ok, needsRehash: ok && isWeaker(stored) };
    } finally {
      // Nobody is told apart by an answer that comes early, be it an error.
      if (!isSpent) await derive(prepared, nobody, hashBytes);
    }
  }

  async function derive(prepared: Buffer, by: Derivation, bytes: number): Promise<Uint8Array> {
    const secret = pepper.apply(prepared, by.pepperId);
    try {
      return await by.algorithm.derive(secret, by.salt, by.parameters, bytes);
    } finally {
      secret.fill(0);
    }
  }

  /** What two algorithms cost is not to be compared. */
  function costsAsMuchAsToday(stored: StoredHash): boolean {
    return (
      stored.algorithm.id === algorithm.id &&
      algorithm.workBytes(stored.parameters) >= algorithm.workBytes(algorithm.parameters)
    );
  }

  function isWeaker(stored: StoredHash): boolean {
    return (
      stored.algorithm.id !== algorithm.id ||
      stored.pepperId !== pepper.primary ||
      stored.salt.length < saltBytes ||
      stored.hash.length < hashBytes ||
      Object.entries(algorithm.parameters).some(([name, value]) => (stored.parameters[name] ?? 0) < value)
    );
  }
}
