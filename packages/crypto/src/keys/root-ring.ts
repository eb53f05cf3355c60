import { timingSafeEqual } from 'node:crypto';
import type { Sealer } from '../xaes/sealer';

/** The root keys of a keyring that this process holds itself. */
export interface RootRing {
  /** Name of the key that wraps. */
  readonly primary: string;
  readonly keys: ReadonlyMap<string, RingKey>;
}

/** One of them. */
export interface RingKey {
  readonly state: RingKeyState;
  readonly createdAtMs?: number | undefined;
  /** Absent where the key was destroyed. */
  readonly sealer?: Sealer | undefined;
}

/** A disabled key may be enabled again; a destroyed one is gone. */
export type RingKeyState = 'active' | 'disabled' | 'destroyed';

/** Length of a root key and of a data key, in bytes. */
export const keyBytes = 32;

/** A key itself is longer in each usual spelling, so that one that was put where a name belongs is no name. */
const name = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;

/** What a root key may be called, in words. */
export const rootKeyNames = 'at most 40 letters, digits, ".", "_" and "-"';

/** Whether a root key may be called so. */
export function isRootKeyName(value: unknown): value is string {
  return typeof value === 'string' && name.test(value);
}

/** The bytes of a key in base64 or base64url; `undefined` for anything else. */
export function decodeKey(text: unknown): Buffer | undefined {
  if (typeof text !== 'string' || !/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined;
  return Buffer.from(text, 'base64');
}

/** Whether it is what a forgotten variable or an overwritten file is read as: nobody's secret. */
export function isZeroKey(key: Uint8Array): boolean {
  return timingSafeEqual(key, Buffer.alloc(key.length));
}

/** What is wrong with a root key beside others, in words that follow its place; `undefined` where nothing is. */
export function rootKeyFault(key: Uint8Array, others: Iterable<Uint8Array>): string | undefined {
  if (isZeroKey(key)) return 'must not be zeros';
  for (const other of others) {
    if (timingSafeEqual(key, other)) return 'must not be a key that is there under another name';
  }
  return undefined;
}
