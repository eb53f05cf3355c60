import type { KeyStore, StoredKey, TenantKeys } from './key-types';

/** Keeps wrapped data keys in this process: for tests and development. */
export function memoryKeyStore(): KeyStore {
  const tenants = new Map<string, TenantKeys>();
  const keysOf = (tenantId: string): readonly StoredKey[] => tenants.get(tenantId)?.keys ?? [];

  return {
    async read(tenantId) {
      return tenants.get(tenantId);
    },
    async add(key, after) {
      const keys = keysOf(key.tenantId);
      const isShredded = tenants.get(key.tenantId)?.shreddedAtMs !== undefined;
      if (isShredded || keys[0]?.keyId !== after || keys.some(({ keyId }) => keyId === key.keyId))
        return false;
      tenants.set(key.tenantId, { keys: [key, ...keys] });
      return true;
    },
    async replace(key, from) {
      const keys = keysOf(key.tenantId);
      const isThere = ({ keyId, wrapped }: StoredKey) =>
        keyId === key.keyId && Buffer.from(wrapped.bytes).equals(from.bytes);
      if (!keys.some(isThere)) return false;
      tenants.set(key.tenantId, { keys: keys.map((old) => (isThere(old) ? key : old)) });
      return true;
    },
    async remove({ tenantId, keyId }) {
      const keys = keysOf(tenantId);
      if (!keys.slice(1).some((key) => key.keyId === keyId)) return false;
      tenants.set(tenantId, { keys: keys.filter((key) => key.keyId !== keyId) });
      return true;
    },
    async shred(tenantId) {
      const { length } = keysOf(tenantId);
      const shreddedAtMs = tenants.get(tenantId)?.shreddedAtMs ?? Date.now();
      tenants.set(tenantId, { keys: [], shreddedAtMs });
      return length;
    },
    async tenants({ after, limit }) {
      return [...tenants.keys()]
        .sort()
        .filter((id) => after === undefined || id > after)
        .slice(0, limit);
    },
  };
}
