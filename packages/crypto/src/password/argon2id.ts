import { checkOptions, expects } from '@unite/shared';
import type { PasswordAlgorithm, PasswordParameters } from './password-types';

/** `@node-rs/argon2`, by shape. */
export interface NodeRsArgon2 {
  hashRaw(
    password: Uint8Array,
    options: {
      readonly algorithm: 2;
      readonly version: 1;
      readonly memoryCost: number;
      readonly timeCost: number;
      readonly parallelism: number;
      readonly outputLen: number;
      readonly salt: Uint8Array;
    },
  ): Promise<Uint8Array>;
}

/** `argon2`, by shape. */
export interface NodeArgon2 {
  hash(
    password: Buffer,
    options: {
      readonly raw: true;
      readonly type: 2;
      readonly version: 19;
      readonly memoryCost: number;
      readonly timeCost: number;
      readonly parallelism: number;
      readonly hashLength: number;
      readonly salt: Buffer;
    },
  ): Promise<Uint8Array>;
}

/** Options of `argon2id`: RFC 9106 §3.1. */
export interface Argon2idOptions {
  /** m, in KiB. @default 19_456 (19 MiB) */
  readonly memoryKiB?: number | undefined;
  /** t. @default 2 */
  readonly passes?: number | undefined;
  /** p. @default 1 */
  readonly parallelism?: number | undefined;
}

/**
 * Argon2id by a library that the application installs: `@node-rs/argon2` or `argon2`. The defaults are those of OWASP
 * (Password Storage Cheat Sheet): 19 MiB, two passes.
 *
 * @throws TypeError for an option that is unknown or malformed, and for another library
 * @example
 * createPasswords({ algorithm: argon2id(await import('@node-rs/argon2'), { memoryKiB: 65_536, passes: 3 }) });
 */
export function argon2id(
  library: NodeRsArgon2 | NodeArgon2,
  options: Argon2idOptions = {},
): PasswordAlgorithm {
  checkOptions('argon2id', options, checks);
  const { memoryKiB = 19_456, passes = 2, parallelism = 1 } = options;
  if (memoryKiB < 8 * parallelism) {
    throw new TypeError('argon2id: option "memoryKiB" must be at least eight times "parallelism"');
  }
  return {
    id: 'argon2id',
    version: 19,
    parameters: { m: memoryKiB, t: passes, p: parallelism },
    memoryBytes: ({ m = 0 }) => m * 1_024,
    workBytes: ({ m = 0, t = 0 }) => m * 1_024 * t,
    derive: deriveBy(library),
  };
}

function deriveBy(library: NodeRsArgon2 | NodeArgon2): PasswordAlgorithm['derive'] {
  if ('hashRaw' in library && typeof library.hashRaw === 'function') {
    return (password, salt, parameters, outputLen) =>
      library.hashRaw(password, { algorithm: 2, version: 1, ...costs(parameters), outputLen, salt });
  }
  if ('hash' in library && typeof library.hash === 'function') {
    return (password, salt, parameters, hashLength) =>
      library.hash(Buffer.from(password), {
        raw: true,
        type: 2,
        version: 19,
        ...costs(parameters),
        hashLength,
        salt: Buffer.from(salt),
      });
  }
  throw new TypeError('argon2id: library must be @node-rs/argon2 or argon2');
}

function costs({ m = 0, t = 0, p = 0 }: PasswordParameters) {
  return { memoryCost: m, timeCost: t, parallelism: p };
}

const checks = {
  memoryKiB: expects('a whole number from 8 to 4_194_304', (value) => isWithin(value, 8, 4_194_304)),
  passes: expects('a whole number from 1 to 1_000', (value) => isWithin(value, 1, 1_000)),
  parallelism: expects('a whole number from 1 to 64', (value) => isWithin(value, 1, 64)),
};

function isWithin(value: unknown, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
}
