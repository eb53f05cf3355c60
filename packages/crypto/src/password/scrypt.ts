import { scrypt as nodeScrypt } from 'node:crypto';
import { checkOptions, expects } from '@unite/shared';
import type { PasswordAlgorithm, PasswordParameters } from './password-types';

/** Options of `scrypt`: RFC 7914 §2. */
export interface ScryptOptions {
  /** N, a power of 2. @default 131_072 (128 MiB with `blockSize` 8) */
  readonly cost?: number | undefined;
  /** r. @default 8 */
  readonly blockSize?: number | undefined;
  /** p. @default 1 */
  readonly parallelism?: number | undefined;
}

/**
 * scrypt of Node.js, which needs no dependency. The defaults are the first choice of OWASP (Password Storage Cheat
 * Sheet): N = 2^17, r = 8, p = 1. Less memory needs more `parallelism`: 2^16 and 2, 2^15 and 3, 2^14 and 5, 2^13 and 10.
 *
 * @throws TypeError for an option that is unknown or malformed
 */
export function scrypt(options: ScryptOptions = {}): PasswordAlgorithm {
  checkOptions('scrypt', options, checks);
  const { cost = 131_072, blockSize = 8, parallelism = 1 } = options;
  return {
    id: 'scrypt',
    parameters: { ln: Math.log2(cost), r: blockSize, p: parallelism },
    memoryBytes,
    workBytes: (parameters) => memoryBytes(parameters) * numbers(parameters).p,
    derive: (password, salt, parameters, hashBytes) =>
      new Promise((resolve, reject) => {
        const { N, r, p } = numbers(parameters);
        // OpenSSL counts the blocks and a little more; its own limit is 32 MiB.
        const maxmem = 128 * r * (N + p + 2) + 1_024;
        nodeScrypt(password, salt, hashBytes, { N, r, p, maxmem }, (error, hash) =>
          error ? reject(error) : resolve(hash),
        );
      }),
  };
}

function memoryBytes(parameters: PasswordParameters): number {
  const { N, r, p } = numbers(parameters);
  return 128 * r * (N + p);
}

function numbers({ ln = 0, r = 0, p = 0 }: PasswordParameters) {
  return { N: 2 ** ln, r, p };
}

const checks = {
  cost: expects(
    'a power of 2 from 1_024 to 1_048_576',
    (value) => Number.isInteger(Math.log2(value as number)) && isWithin(value, 1_024, 1_048_576),
  ),
  blockSize: expects('a whole number from 1 to 32', (value) => isWithin(value, 1, 32)),
  parallelism: expects('a whole number from 1 to 64', (value) => isWithin(value, 1, 64)),
};

function isWithin(value: unknown, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
}
