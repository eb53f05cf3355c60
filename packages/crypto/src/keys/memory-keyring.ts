import { randomBytes } from 'node:crypto';
import { CryptoError } from '../errors';
import { encodePlace } from '../place/encode-place';
import { Sealer } from '../xaes/sealer';
import type { KeyBinding, KeyProvider } from './key-types';
import { memoryKeyStore } from './memory-key-store';

/** Options of `memoryKeyring`. */
export interface MemoryKeyringOptions {
  /** Root keys of 32 bytes by name. @default one random key, `memory` */
  readonly keys?: Readonly<Record<string, Uint8Array>> | undefined;
  /** The one that wraps. @default the last one of `keys` */
  readonly primary?: string | undefined;
}

/**
 * Root keys in this process, for tests and development: what it encrypts can be read by nobody after a restart.
 *
 * @example
 * const vault = createVault({ keys: memoryKeyring() });
 */
export function memoryKeyring({
  keys = { memory: randomBytes(32) },
  primary = Object.keys(keys).at(-1),
}: MemoryKeyringOptions = {}): KeyProvider {
  const sealers = new Map(Object.entries(keys).map(([id, key]) => [id, new Sealer(key)]));
  const placeOf = ({ tenantId, keyId }: KeyBinding) =>
    encodePlace('unite.crypto.data-key', [tenantId, keyId]);

  function sealerOf(id: string | undefined): Sealer {
    const sealer = id === undefined ? undefined : sealers.get(id);
    if (!sealer) throw new CryptoError('UNITE_CRYPTO_KEY_UNKNOWN', `No root key "${id}" in memory`);
    return sealer;
  }

  function wrap(key: Uint8Array, binding: KeyBinding) {
    return { rootKeyId: primary as string, bytes: sealerOf(primary).seal(key, placeOf(binding)) };
  }

  const provider: KeyProvider = {
    name: 'memory',
    algorithm: 'XAES-256-GCM',
    store: memoryKeyStore(),
    async generate(binding) {
      const key = randomBytes(32);
      return { key, wrapped: wrap(key, binding) };
    },
    async unwrap({ rootKeyId, bytes }, binding) {
      return sealerOf(rootKeyId).open(bytes, placeOf(binding));
    },
    async rewrap(wrapped, binding, call) {
      if (wrapped.rootKeyId === primary) return wrapped;
      return wrap(await provider.unwrap(wrapped, binding, call), binding);
    },
    async rootKeys() {
      return [...sealers.keys()].map((id) => ({ id, state: id === primary ? 'primary' : 'previous' }));
    },
  };
  return provider;
}
