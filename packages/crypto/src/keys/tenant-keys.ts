import type { StoredKey, TenantKeys, WrappedKey } from './key-types';

// How a tenant's keys change; `undefined` where they do not.

/** @param after the key that has to be the primary */
export function addKey(
  before: TenantKeys | undefined,
  key: StoredKey,
  after: number | undefined,
): TenantKeys | undefined {
  const keys = before?.keys ?? [];
  const isTaken = keys.some(({ keyId }) => keyId === key.keyId);
  if (before?.shreddedAtMs !== undefined || keys[0]?.keyId !== after || isTaken) return undefined;
  return { keys: [key, ...keys] };
}

/** @param from what has to be there */
export function replaceKey(
  before: TenantKeys | undefined,
  key: StoredKey,
  from: WrappedKey,
): TenantKeys | undefined {
  const isIt = ({ keyId, wrapped }: StoredKey) => keyId === key.keyId && isSame(wrapped, from);
  if (!before?.keys.some(isIt)) return undefined;
  return { keys: before.keys.map((old) => (isIt(old) ? key : old)) };
}

export function removeKey(before: TenantKeys | undefined, keyId: number): TenantKeys | undefined {
  const isIt = (key: StoredKey) => key.keyId === keyId;
  if (!before?.keys.slice(1).some(isIt)) return undefined;
  return { keys: before.keys.filter((key) => !isIt(key)) };
}

export function shredKeys(before: TenantKeys | undefined, nowMs: number): TenantKeys {
  return { keys: [], shreddedAtMs: before?.shreddedAtMs ?? nowMs };
}

function isSame(one: WrappedKey, other: WrappedKey): boolean {
  return one.rootKeyId === other.rootKeyId && Buffer.from(one.bytes).equals(other.bytes);
}
