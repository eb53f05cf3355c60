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
