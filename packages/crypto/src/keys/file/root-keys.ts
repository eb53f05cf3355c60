import { randomBytes } from 'node:crypto';
import { describeValue, systemClock } from '@unite/shared';
import { CryptoError } from '../../errors';
import { isRootKeyName, keyBytes, type RingKeyState, rootKeyNames } from '../root-ring';
import type { KeyringFileKey } from './keyring-file-types';
import { changeKeyring, type KeyringWriteOptions, writeNewKeyring } from './keyring-writes';

/** Options of `createKeyringFile`. */
export interface CreateKeyringFileOptions extends KeyringWriteOptions {
  /** Name of the first root key. @default the month, such as `2026-11` */
  readonly id?: string | undefined;
}

/** Options of `addRootKey`. */
export interface AddRootKeyOptions extends KeyringWriteOptions {
  /** @default the month, such as `2026-11`; then `2026-11-2` */
  readonly id?: string | undefined;
  /**
   * Whether it wraps from now on. With `false` the file can be brought to every machine first, and
   * `setRootKeyState(path, id, 'primary')` comes after it.
   */
  readonly makePrimary: boolean;
}

/**
 * Makes a keyring file with one random root key, for its owner's eyes alone. Resolves to the key's name.
 *
 * @throws CryptoError `UNITE_CRYPTO_KEY_CONFLICT` where a file is there, `UNITE_CRYPTO_KEYRING_INVALID` where the folder
 * is not, `UNITE_CRYPTO_KEYS_UNAVAILABLE`
 * @throws TypeError
 */
export async function createKeyringFile(
  path: string,
  options: CreateKeyringFileOptions = {},
): Promise<string> {
  const { clock = systemClock, id = monthOf(clock.wallMs()) } = options;
  checkId('createKeyringFile', id);
  await writeNewKeyring(path, options, { primary: id, keys: new Map([[id, newKey(clock.wallMs())]]) });
  return id;
}

/**
 * Adds a random root key to a keyring file. Processes that run read it at their next call for a key. Resolves to its
 * name.
 *
 * @throws CryptoError `UNITE_CRYPTO_KEY_CONFLICT` for a name that is taken, `UNITE_CRYPTO_KEYRING_INVALID`,
 * `UNITE_CRYPTO_KEYS_UNAVAILABLE`
 * @throws TypeError
 */
export async function addRootKey(path: string, options: AddRootKeyOptions): Promise<string> {
  const { id: wanted, makePrimary, clock = systemClock } = options;
  if (wanted !== undefined) checkId('addRootKey', wanted);
  const month = monthOf(clock.wallMs());
  let added = '';
  await changeKeyring(path, options, ({ primary, keys }) => {
    if (wanted !== undefined && keys.has(wanted))
      throw new CryptoError('UNITE_CRYPTO_KEY_CONFLICT', `${path} has a root key "${wanted}" already`);
    added = wanted ?? freeName(month, keys);
    return {
      primary: makePrimary ? added : primary,
      keys: new Map([...keys, [added, newKey(clock.wallMs())]]),
    };
  });
  return added;
}

/**
 * Makes a root key of a keyring file the primary, disables it, enables it again (`active`), or destroys it for good.
 * What is wrapped under a destroyed key is lost: `unite keys rewrap` comes before it.
 *
 * @throws CryptoError `UNITE_CRYPTO_KEY_UNKNOWN`, `UNITE_CRYPTO_KEY_DESTROYED` for one that was destroyed,
 * `UNITE_CRYPTO_KEY_DISABLED` for a primary that would be, `UNITE_CRYPTO_KEY_CONFLICT` for the primary, which can be
 * neither disabled nor destroyed, `UNITE_CRYPTO_KEYRING_INVALID`, `UNITE_CRYPTO_KEYS_UNAVAILABLE`
 */
export async function setRootKeyState(
  path: string,
  id: string,
  state: RingKeyState | 'primary',
  options: KeyringWriteOptions = {},
): Promise<void> {
  await changeKeyring(path, options, ({ primary, keys }) => {
    const before = keys.get(id);
    const refuse = (code: 'UNKNOWN' | 'DESTROYED' | 'DISABLED' | 'CONFLICT', what: string) =>
      new CryptoError(`UNITE_CRYPTO_KEY_${code}`, `${path}: the root key ${describeValue(id)} ${what}`);
    if (!before) throw refuse('UNKNOWN', 'is not there');
    if (state === 'destroyed' && before.state === 'destroyed') return { primary, keys };
    if (before.state === 'destroyed') throw refuse('DESTROYED', 'was destroyed');
    if (state === 'primary') {
      if (before.state === 'disabled') throw refuse('DISABLED', 'is disabled');
      return { primary: id, keys };
    }
    if (id === primary && state !== 'active') throw refuse('CONFLICT', 'is the primary');
    const { key, createdAtMs } = before;
    const after: KeyringFileKey = { state, createdAtMs, ...(state !== 'destroyed' && { key }) };
    return { primary, keys: new Map([...keys, [id, after]]) };
  });
}

function newKey(createdAtMs: number): KeyringFileKey {
  return { state: 'active', createdAtMs, key: randomBytes(keyBytes) };
}

function monthOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 7);
}

function freeName(month: string, keys: ReadonlyMap<string, unknown>): string {
  let name = month;
  let count = 1;
  while (keys.has(name)) {
    count += 1;
    name = `${month}-${count}`;
  }
  return name;
}

function checkId(owner: string, id: unknown): void {
  // What is no name may be a key.
  if (!isRootKeyName(id)) throw new TypeError(`${owner}: option "id" must be a name of ${rootKeyNames}`);
}
