import { randomBytes } from 'node:crypto';
import type { StoredKey } from '../../../src/keys';

/** A call with a time in which everything is done. */
export const call = () => ({ signal: AbortSignal.timeout(20_000) });

/** A wrapped key of nothing. */
export function storedKey(tenantId: string, keyId: number): StoredKey {
  return {
    tenantId,
    keyId,
    wrapped: { rootKeyId: 'root', bytes: randomBytes(60) },
    createdAtMs: 1_790_000_000_000,
  };
}
