import type { StoredKey, TenantKeys } from '../key-types';

/** A tenant's keys as they stand in a file. */
export interface TenantRecord {
  readonly tenantId: string;
  readonly keys: TenantKeys;
}

/** What JSON holds of a key. */
interface KeyRecord {
  readonly keyId: number;
  readonly createdAtMs: number;
  readonly rootKeyId: string;
  /** In base64. */
  readonly wrapped: string;
}

export function writeTenantRecord(tenantId: string, { keys, shreddedAtMs }: TenantKeys): string {
  const records = keys.map(
    ({ keyId, createdAtMs, wrapped }): KeyRecord => ({
      keyId,
      createdAtMs,
      rootKeyId: wrapped.rootKeyId,
      wrapped: Buffer.from(wrapped.bytes).toString('base64'),
    }),
  );
  return `${JSON.stringify({ tenantId, shreddedAtMs, keys: records })}\n`;
}

/** `undefined` for a text that is none. */
export function readTenantRecord(text: string): TenantRecord | undefined {
  const { tenantId, shreddedAtMs, keys } = (parsed(text) ?? {}) as Record<string, unknown>;
  if (typeof tenantId !== 'string' || !Array.isArray(keys) || !keys.every(isKeyRecord)) return undefined;
  const stored = keys.map(
    ({ keyId, createdAtMs, rootKeyId, wrapped }): StoredKey => ({
      tenantId,
      keyId,
      createdAtMs,
      wrapped: { rootKeyId, bytes: Buffer.from(wrapped, 'base64') },
    }),
  );
  return {
    tenantId,
    keys: { keys: stored, ...(typeof shreddedAtMs === 'number' && { shreddedAtMs }) },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isKeyRecord(value: unknown): value is KeyRecord {
  const { keyId, createdAtMs, rootKeyId, wrapped } = (value ?? {}) as Record<string, unknown>;
  return (
    Number.isSafeInteger(keyId) &&
    typeof createdAtMs === 'number' &&
    typeof rootKeyId === 'string' &&
    typeof wrapped === 'string'
  );
}
