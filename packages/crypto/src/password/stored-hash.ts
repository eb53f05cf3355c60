import { CryptoError } from '../errors';
import type { PasswordAlgorithm, PasswordParameters } from './password-types';
import type { Pepper } from './pepper';
import { readPhc } from './phc';

/** A hash that can be compared with. */
export interface StoredHash {
  readonly algorithm: PasswordAlgorithm;
  readonly parameters: PasswordParameters;
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
  readonly pepperId: string | undefined;
}

/** Who can write into the database must not be able to stop the server: no hash may cost more, or what the application's own algorithms do. */
const maxMemoryBytes = 256 * 1_024 ** 2;
const maxWorkBytes = 2 * 1_024 ** 3;

/** @throws CryptoError `UNITE_CRYPTO_PASSWORD_INVALID`, which the client is not to blame for */
export function readStoredHash(
  text: string,
  known: readonly PasswordAlgorithm[],
  pepper: Pepper,
): StoredHash {
  const phc = typeof text === 'string' ? readPhc(text) : undefined;
  if (!phc) throw invalid('is not in the PHC string format: the option "legacy" is for others');
  const candidates = known.filter(({ id, version }) => id === phc.id && version === phc.version);
  const [algorithm] = candidates;
  if (!algorithm) throw invalid('is of an algorithm that is not among those of createPasswords');
  const { pepper: pepperId, ...rest } = phc.parameters;
  const parameters = numbersOf(rest, algorithm);
  if (!parameters) throw invalid('has other parameters than its algorithm');
  if (pepperId !== undefined && !pepper.has(`${pepperId}`)) throw invalid('needs a pepper that is not there');
  const { salt, hash } = phc;
  // So short a hash would be guessed.
  if (salt.length < 8 || hash.length < 16 || salt.length > 64 || hash.length > 64) {
    throw invalid('has a salt or a hash that is too short or too long');
  }
  const chosen = candidates.map((candidate) => candidate.parameters);
  const memoryCap = Math.max(maxMemoryBytes, ...chosen.map((each) => algorithm.memoryBytes(each)));
  const workCap = Math.max(maxWorkBytes, ...chosen.map((each) => algorithm.workBytes(each)));
  if (algorithm.memoryBytes(parameters) > memoryCap || algorithm.workBytes(parameters) > workCap) {
    throw invalid('would cost more memory or time than is allowed');
  }
  return { algorithm, parameters, salt, hash, pepperId: pepperId?.toString() };
}

/** `undefined` unless they are those of the algorithm, as whole numbers above 0. Libraries differ in the order. */
function numbersOf(
  given: Readonly<Record<string, number | string>>,
  { parameters }: PasswordAlgorithm,
): PasswordParameters | undefined {
  const names = Object.keys(parameters);
  const isSame = Object.keys(given).sort().join() === [...names].sort().join();
  if (!isSame || !Object.values(given).every((value) => /^[1-9]\d{0,9}$/.test(`${value}`))) return undefined;
  return Object.fromEntries(names.map((name) => [name, Number(given[name])]));
}

function invalid(what: string): CryptoError {
  return new CryptoError('UNITE_CRYPTO_PASSWORD_INVALID', `A stored password hash ${what}`, {
    problem: { type: 'about:blank', status: 500, title: 'Internal Server Error' },
  });
}
