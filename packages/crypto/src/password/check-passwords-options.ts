import { checkOptions, expects, type OptionCheck } from '@unite/shared';
import { refuseSecretText } from '../refuse-secret-text';
import type { PasswordAlgorithm, PasswordsOptions, PepperOptions } from './password-types';

/** @throws TypeError */
export function checkPasswordsOptions(options: PasswordsOptions): void {
  refuseSecretText('createPasswords', options, { pepper: checks.pepper });
  checkOptions('createPasswords', options, checks);
}

const isCount = (value: unknown, least: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= least;

const checks: Record<keyof PasswordsOptions, OptionCheck> = {
  algorithm: expects('an algorithm, such as scrypt()', isAlgorithm),
  previous: expects('a list of algorithms', (value) => Array.isArray(value) && value.every(isAlgorithm)),
  legacy: expects('an object with "matches" and "verify"', (value) => hasMethods(value, 'matches', 'verify')),
  pepper: expects('an object with "primary", the id of one of "secrets" of at least 32 bytes', isPepper),
  // NIST SP 800-63B-4 §3.1.1.2: at least 64 characters must be allowed, of up to four bytes.
  maxBytes: expects('a whole number of at least 256', (value) => isCount(value, 256)),
  maxConcurrent: expects('a whole number above 0', (value) => isCount(value, 1)),
  maxQueued: expects('a whole number that is not negative', (value) => isCount(value, 0)),
};

function isAlgorithm(value: unknown): value is PasswordAlgorithm {
  return hasMethods(value, 'derive', 'memoryBytes', 'workBytes');
}

function hasMethods(value: unknown, ...names: string[]): boolean {
  const object = value as Readonly<Record<string, unknown>> | null;
  return (
    typeof object === 'object' && object !== null && names.every((name) => typeof object[name] === 'function')
  );
}

function isPepper(value: unknown): boolean {
  const { primary, secrets } = (value ?? {}) as Partial<PepperOptions>;
  if (typeof secrets !== 'object' || secrets === null || typeof primary !== 'string') return false;
  return (
    Object.hasOwn(secrets, primary) &&
    Object.entries(secrets).every(
      ([id, secret]) =>
        /^[A-Za-z0-9-]{1,32}$/.test(id) &&
        (typeof secret === 'string' || secret instanceof Uint8Array) &&
        Buffer.from(secret).length >= 32,
    )
  );
}
