import type { SecretVersion } from './secrets-types';

/** A row of the table. The driver reads a `bigint` as text. */
export interface StoredSecret {
  readonly tenant_id: string;
  readonly name: string;
  readonly id: string;
  readonly version: number;
  readonly value: string;
  readonly created_at_ms: string | number;
  readonly expires_at_ms: string | number | null;
  readonly usable_until_ms: string | number | null;
}

export function versionOf(row: StoredSecret, nowMs: number): SecretVersion {
  const expiresAtMs = msOf(row.expires_at_ms);
  const usableUntilMs = msOf(row.usable_until_ms);
  return {
    name: row.name,
    version: row.version,
    createdAtMs: Number(row.created_at_ms),
    expiresAtMs,
    usableUntilMs,
    isUsable: nowMs < Math.min(expiresAtMs ?? Infinity, usableUntilMs ?? Infinity),
  };
}

function msOf(stored: string | number | null): number | undefined {
  return stored === null ? undefined : Number(stored);
}
