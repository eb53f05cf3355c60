import { isDeepStrictEqual } from 'node:util';
import { CryptoError, type CryptoErrorCode } from '../errors';

/** @throws Error that says what is not so */
export function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

/** Says nothing of the values: they may be keys. @throws Error */
export function demandSame(found: unknown, expected: unknown, what: string): void {
  demand(isDeepStrictEqual(plain(found), plain(expected)), `${what} is not as it should be`);
}

/** @throws Error where it resolves, or rejects with anything else */
export async function demandRefusal(
  work: Promise<unknown>,
  codes: readonly CryptoErrorCode[],
  what: string,
): Promise<void> {
  const outcome = await work.then(
    () => 'it resolved',
    (error: unknown) => (CryptoError.isInstance(error) ? error.code : 'it threw what is no CryptoError'),
  );
  demand(
    (codes as readonly string[]).includes(outcome),
    `${what}: expected ${codes.join(' or ')}, but ${outcome}`,
  );
}

/** A Buffer, a Uint8Array and a view of a pool with the same bytes are the same; so are absent and `undefined`. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.map(([name, member]) => [name, plain(member)]));
}
