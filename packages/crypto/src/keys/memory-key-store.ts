import type { Clock } from '@unite/core';
import { checkOptions, optionChecks, systemClock } from '@unite/shared';
import type { KeyStore, StoredKey, TenantKeys } from './key-types';
import { addKey, removeKey, replaceKey, shredKeys } from './tenant-keys';
import { pageOf } from './tenants-page';

/** Options of `memoryKeyStore`. */
export interface MemoryKeyStoreOptions {
  /** @default the machine's time */
  readonly clock?: Clock | undefined;
}

/**
 * Keeps wrapped data keys in this process: for tests and development.
 *
 * @throws TypeError
 */
export function memoryKeyStore(options: MemoryKeyStoreOptions = {}): KeyStore {
  checkOptions('memoryKeyStore', options, { clock: optionChecks.object });
  const { clock = systemClock } = options;
  const tenants = new Map<string, TenantKeys>();

  /** Whether there was anything to change. */
  function change(tenantId: string, next: TenantKeys | undefined): boolean {
    if (next) tenants.set(tenantId, next);
    return next !== undefined;
  }

  return {
    async read(tenantId) {
      return tenants.get(tenantId);
    },
    async add(key, after) {
      return change(key.tenantId, addKey(tenants.get(key.tenantId), copyOf(key), after));
    },
    async replace(key, from) {
      return change(key.tenantId, replaceKey(tenants.get(key.tenantId), copyOf(key), from));
    },
    async remove({ tenantId, keyId }) {
      return change(tenantId, removeKey(tenants.get(tenantId), keyId));
    },
    async shred(tenantId) {
      const before = tenants.get(tenantId);
      tenants.set(tenantId, shredKeys(before, clock.wallMs()));
      return before?.keys.length ?? 0;
    },
    async tenants(page) {
      return pageOf([...tenants.keys()], page);
    },
  };
}

/** What is stored stays as it was, whatever the caller does with its bytes. */
function copyOf(key: StoredKey): StoredKey {
  return { ...key, wrapped: { ...key.wrapped, bytes: Uint8Array.from(key.wrapped.bytes) } };
}
