import { CryptoError } from '../../errors';
import { decodeKey, isRootKeyName, type RingKeyState, rootKeyFault, rootKeyNames } from '../root-ring';
import type { KeyringFile, KeyringFileKey } from './keyring-file-types';
import { JsonFault, type LocatedJson, readLocatedJson } from './located-json';

const states: readonly string[] = ['active', 'disabled', 'destroyed'] satisfies RingKeyState[];

/**
 * Reads the text of a keyring. Messages name file, line and field, and hold nothing that could be a key.
 *
 * @throws CryptoError `UNITE_CRYPTO_KEYRING_INVALID`
 */
export function parseKeyring(path: string, text: string): KeyringFile {
  try {
    return keyringOf(readLocatedJson(text));
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    throw new CryptoError('UNITE_CRYPTO_KEYRING_INVALID', `${path}, line ${error.line}: ${error.message}`);
  }
}

function keyringOf(root: LocatedJson): KeyringFile {
  const fields = fieldsOf(root, undefined, ['version', 'primary', 'keys'], []);
  if (scalarOf(fields.version) !== 1) throw fault(fields.version, 'version', 'must be 1');
  if (!('members' in fields.keys)) throw fault(fields.keys, 'keys', 'must be an object');
  const keys = new Map<string, KeyringFileKey>();
  for (const [id, entry] of fields.keys.members) {
    if (!isRootKeyName(id)) throw fault(entry, 'keys', `must have names of ${rootKeyNames}`);
    const others = [...keys.values()].flatMap(({ key }) => key ?? []);
    keys.set(id, keyOf(entry, `keys.${id}`, others));
  }
  const primary = scalarOf(fields.primary);
  if (typeof primary !== 'string' || keys.get(primary)?.state !== 'active')
    throw fault(fields.primary, 'primary', 'must be the name of an active key of "keys"');
  return { primary, keys };
}

function keyOf(entry: LocatedJson, field: string, others: readonly Buffer[]): KeyringFileKey {
  const fields = fieldsOf(entry, field, ['state', 'createdAt'], ['key']);
  const state = scalarOf(fields.state) as RingKeyState;
  if (!states.includes(state))
    throw fault(fields.state, `${field}.state`, `must be one of ${states.join(', ')}`);
  const createdAtMs = instantOf(scalarOf(fields.createdAt));
  if (createdAtMs === undefined)
    throw fault(fields.createdAt, `${field}.createdAt`, 'must be an instant such as 2026-11-01T00:00:00Z');
  if (state === 'destroyed') {
    if (fields.key) throw fault(fields.key, `${field}.key`, 'must be absent: the key is destroyed');
    return { state, createdAtMs };
  }
  const key = decodeKey(scalarOf(fields.key));
  if (!key) throw fault(fields.key ?? entry, `${field}.key`, 'must be 32 bytes in base64');
  const wrong = rootKeyFault(key, others);
  if (wrong) throw fault(fields.key ?? entry, `${field}.key`, wrong);
  return { state, createdAtMs, key };
}

type Fields<Name extends string, Optional extends string> = Readonly<Record<Name, LocatedJson>> &
  Readonly<Partial<Record<Optional, LocatedJson>>>;

function fieldsOf<Name extends string, Optional extends string>(
  json: LocatedJson,
  path: string | undefined,
  names: readonly Name[],
  optional: readonly Optional[],
): Fields<Name, Optional> {
  const what = path ?? 'the keyring';
  if (!('members' in json)) throw fault(json, what, 'must be an object');
  const known: readonly string[] = [...names, ...optional];
  for (const [name, value] of json.members) {
    // The unknown name is not shown: it may be a key that was put in the wrong place.
    if (!known.includes(name))
      throw fault(value, what, `has a field that is none; known are ${known.join(', ')}`);
  }
  const missing = names.find((name) => !json.members.has(name));
  if (missing) throw fault(json, what, `has no field "${missing}"`);
  return Object.fromEntries(json.members) as unknown as Fields<Name, Optional>;
}

function scalarOf(json: LocatedJson | undefined): unknown {
  return json && 'value' in json ? json.value : undefined;
}

function instantOf(value: unknown): number | undefined {
  const atMs = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : atMs;
}

function fault({ line }: LocatedJson, field: string, demand: string): JsonFault {
  return new JsonFault(line, field === 'the keyring' ? `${field} ${demand}` : `field "${field}" ${demand}`);
}
