import { randomBytes, timingSafeEqual } from 'node:crypto';
import { checkPasswordsOptions } from './check-passwords-options';
import { HashQueue } from './hash-queue';
import type {
  PasswordAlgorithm,
  PasswordParameters,
  Passwords,
  PasswordsOptions,
  PasswordVerdict,
} from './password-types';
import { Pepper } from './pepper';
import { writePhc } from './phc';
import { preparePassword } from './prepare-password';
import { scrypt } from './scrypt';
import { readStoredHash, type StoredHash } from './stored-hash';

const saltBytes = 16;
const hashBytes = 32;

/**
 * Hashes passwords for storing, and verifies them when people sign in: slowly and with much memory, in bounded number,
 * and as slowly for those who do not exist.
 *
 * Passwords are text of at most `maxBytes`, in NFC (NIST SP 800-63B-4 §3.1.1.2), never cut. Ask `checkPassword` before
 * a new one is taken, and limit attempts: `createAuthLimiter` of `@unite/quota` does.
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
  /** Of nobody: no password has this hash. */
  const nobody: StoredHash = { algorithm, ...fresh(), hash: randomBytes(hashBytes) };

  return {
    async hash(password, { signal } = {}) {
      const prepared = preparePassword(password, maxBytes);
      const { parameters, salt, pepperId } = fresh();
      const hash = await queue.run(
        () => derive(algorithm, prepared, salt, parameters, hashBytes, pepperId),
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
      if (hash != null && legacy?.matches(hash)) {
        const ok = (await queue.run(async () => legacy.verify(hash, password), signal)) === true;
        return { ok, needsRehash: ok };
      }
      const stored = hash == null ? undefined : readStoredHash(hash, known, pepper);
      const compared = stored ?? nobody;
      const derived = await queue.run(
        () =>
          derive(
            compared.algorithm,
            prepared,
            compared.salt,
            compared.parameters,
            compared.hash.length,
            compared.pepperId,
          ),
        signal,
      );
      const isEqual = timingSafeEqual(derived, compared.hash);
      return verdict(isEqual && stored !== undefined, compared);
    },

    status: () => queue.status(),
  };

  function fresh() {
    return { parameters: algorithm.parameters, salt: randomBytes(saltBytes), pepperId: pepper.primary };
  }

  async function derive(
    algorithm: PasswordAlgorithm,
    prepared: Buffer,
    salt: Uint8Array,
    parameters: PasswordParameters,
    bytes: number,
    pepperId: string | undefined,
  ): Promise<Uint8Array> {
    const secret = pepper.apply(prepared, pepperId);
    try {
      return await algorithm.derive(secret, salt, parameters, bytes);
    } finally {
      prepared.fill(0);
      secret.fill(0);
    }
  }

  function verdict(ok: boolean, stored: StoredHash): PasswordVerdict {
    const isWeaker =
      stored.algorithm.id !== algorithm.id ||
      stored.pepperId !== pepper.primary ||
      stored.salt.length < saltBytes ||
      stored.hash.length < hashBytes ||
      Object.entries(algorithm.parameters).some(([name, value]) => (stored.parameters[name] ?? 0) < value);
    return { ok, needsRehash: ok && isWeaker };
  }
}
