import { randomBytes } from 'node:crypto';
import { CryptoError } from '../errors';
import type { Sealer } from '../xaes/sealer';
import { beforeAbort } from './before-abort';
import { keyPlace } from './key-place';
import type { KeyBinding, KeyProvider, KeyStore, RootKey, WrappedKey } from './key-types';
import { keyBytes, type RingKey, type RootRing } from './root-ring';

/** What a keyring is made of whose root keys are in this process. */
export interface RingKeyringParts {
  readonly name: string;
  /** How messages name it: `The keyring keys.json`. */
  readonly title: string;
  /** The root keys as they are now. */
  ring(): RootRing | Promise<RootRing>;
  readonly store?: KeyStore | undefined;
}

/** A key provider that wraps with root keys in this process. */
export function ringKeyring({ name, title, ring, store }: RingKeyringParts): KeyProvider {
  const current = (signal: AbortSignal) => beforeAbort(async () => ring(), signal, title);

  function wrap(key: Uint8Array, binding: KeyBinding, { primary, keys }: RootRing): WrappedKey {
    const bytes = sealerOf(primary, keys.get(primary), title).seal(key, keyPlace(binding));
    return { rootKeyId: primary, bytes };
  }

  function unwrap({ rootKeyId, bytes }: WrappedKey, binding: KeyBinding, { keys }: RootRing): Buffer {
    const sealer = sealerOf(rootKeyId, keys.get(rootKeyId), title);
    const place = keyPlace(binding);
    let key: Buffer;
    try {
      key = sealer.open(bytes, place);
    } catch (cause) {
      throw new CryptoError(
        'UNITE_CRYPTO_UNWRAP_FAILED',
        `${title}: a wrapped key was altered, or belongs to another tenant`,
        { cause },
      );
    }
    return key;
  }

  return {
    name,
    algorithm: 'XAES-256-GCM',
    ...(store && { store }),
    async generate(binding, { signal }) {
      const key = randomBytes(keyBytes);
      return { key, wrapped: wrap(key, binding, await current(signal)) };
    },
    async unwrap(wrapped, binding, { signal }) {
      return unwrap(wrapped, binding, await current(signal));
    },
    async rewrap(wrapped, binding, { signal }) {
      const now = await current(signal);
      if (wrapped.rootKeyId === now.primary) return wrapped;
      const key = unwrap(wrapped, binding, now);
      try {
        return wrap(key, binding, now);
      } finally {
        key.fill(0);
      }
    },
    async rootKeys({ signal }) {
      const { primary, keys } = await current(signal);
      return [...keys].map(([id, { state, createdAtMs }]): RootKey => {
        const active = id === primary ? 'primary' : 'previous';
        return { id, state: state === 'active' ? active : state, createdAtMs };
      });
    },
  };
}

/** @throws CryptoError for a key that may not be used */
function sealerOf(id: string, key: RingKey | undefined, title: string): Sealer {
  // Names of wrapped keys come from a store, and may be anything.
  if (!key) throw new CryptoError('UNITE_CRYPTO_KEY_UNKNOWN', `${title} has no root key ${shown(id)}`);
  if (key.state === 'disabled')
    throw new CryptoError('UNITE_CRYPTO_KEY_DISABLED', `${title}: the root key ${shown(id)} is disabled`);
  if (!key.sealer)
    throw new CryptoError('UNITE_CRYPTO_KEY_DESTROYED', `${title}: the root key ${shown(id)} was destroyed`);
  return key.sealer;
}

function shown(id: string): string {
  return JSON.stringify(id.slice(0, 60));
}
