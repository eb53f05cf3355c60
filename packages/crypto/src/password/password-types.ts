/** Makes a hash from a password. {@link scrypt} and {@link argon2id} are two. */
export interface PasswordAlgorithm {
  /** As it stands in a hash: `scrypt`, `argon2id`. */
  readonly id: string;
  /** As it stands in a hash, where the algorithm has versions. */
  readonly version?: number | undefined;
  /** By their names in a hash, in their order there. The higher, the harder. */
  readonly parameters: PasswordParameters;
  /** Memory that one hash takes, in bytes. */
  memoryBytes(parameters: PasswordParameters): number;
  /** Memory that one hash goes through in all, in bytes: a measure of its time. */
  workBytes(parameters: PasswordParameters): number;
  derive(
    password: Uint8Array,
    salt: Uint8Array,
    parameters: PasswordParameters,
    hashBytes: number,
  ): Promise<Uint8Array>;
}

/** Costs of a hash by their names in PHC strings, such as `{ ln: 17, r: 8, p: 1 }`. */
export type PasswordParameters = Readonly<Record<string, number>>;

/** Options of `createPasswords`. */
export interface PasswordsOptions {
  /** What new hashes are made with. @default scrypt() */
  readonly algorithm?: PasswordAlgorithm | undefined;
  /**
   * What older hashes may have been made with, besides scrypt. Where parameters were lowered, with those from before:
   * no hash may cost more than the costliest here, or 256 MiB and 2 GiB of work in all.
   *
   * @default []
   */
  readonly previous?: readonly PasswordAlgorithm[] | undefined;
  /** For hashes in another format, such as those of bcrypt. @default none */
  readonly legacy?: LegacyHashes | undefined;
  /** A secret that is not in the database: without it nobody can try passwords on stolen hashes. @default none */
  readonly pepper?: PepperOptions | undefined;
  /** Longest password in bytes of UTF-8. @default 1_024 */
  readonly maxBytes?: number | undefined;
  /**
   * Hashes that are made at once. Each takes the memory of its algorithm and one of the threads that Node.js reads
   * files and looks up hosts with: it has four.
   *
   * @default 2
   */
  readonly maxConcurrent?: number | undefined;
  /** Passwords that wait for their turn; more are refused with `UNITE_CRYPTO_PASSWORD_BUSY`. @default 64 */
  readonly maxQueued?: number | undefined;
}

/** Hashes of another library. */
export interface LegacyHashes {
  /** Whether a hash is one of them: `(hash) => hash.startsWith('$2')`. */
  matches(hash: string): boolean;
  /** Given the password as it came. What it takes comes on top of what a hash of today takes. */
  verify(hash: string, password: string): Promise<boolean>;
}

/** Secrets by their ids, of which one is used for new hashes. A hash names its own. */
export interface PepperOptions {
  readonly primary: string;
  /** At least 32 bytes each; ids are letters, digits and dashes. One that hashes were made with must stay. */
  readonly secrets: Readonly<Record<string, string | Uint8Array>>;
}

/** Hashes passwords, and verifies them. */
export interface Passwords {
  /**
   * A PHC string: algorithm, parameters, salt and hash.
   *
   * @throws CryptoError `UNITE_CRYPTO_PASSWORD_INVALID`, `UNITE_CRYPTO_PASSWORD_BUSY`
   */
  hash(password: string, options?: PasswordCall): Promise<string>;
  /**
   * @param hash what is stored; `undefined` or `null` where there is no such person, or none with a password: that takes as long
   * @throws CryptoError `UNITE_CRYPTO_PASSWORD_INVALID` for a password that nobody can have, or a hash that is none;
   * `UNITE_CRYPTO_PASSWORD_BUSY`
   */
  verify(hash: string | null | undefined, password: string, options?: PasswordCall): Promise<PasswordVerdict>;
  status(): PasswordsStatus;
}

/** Options of one call. */
export interface PasswordCall {
  /** Ends the waiting; a hash that is being made is made to its end, unseen. */
  readonly signal?: AbortSignal | undefined;
}

/** Whether it was the password. */
export interface PasswordVerdict {
  readonly ok: boolean;
  /** Whether to store a new hash now that the password is known: this one is weaker than those of today. */
  readonly needsRehash: boolean;
}

/** What is being done, and what was refused. */
export interface PasswordsStatus {
  readonly running: number;
  readonly queued: number;
  /** Passwords that found too many others waiting. */
  readonly refused: number;
}
