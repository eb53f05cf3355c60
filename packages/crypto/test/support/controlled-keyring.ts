import { CryptoError } from '../../src/errors';
import type { KeyProvider, KeyStore } from '../../src/keys';
import { memoryKeyring } from '../../src/keys';

/** A key provider and a store that count their calls, and that a test can break. */
export function controlledKeyring() {
  const real = memoryKeyring();
  const store = real.store as KeyStore;
  const calls = { generate: 0, unwrap: 0, rewrap: 0, read: 0, add: 0 };
  const control = {
    calls,
    /** What the provider does instead of answering. */
    provider: undefined as (() => Promise<never>) | undefined,
    /** What the store does instead of answering. */
    store: undefined as (() => Promise<never>) | undefined,
    realStore: store,
  };
  const keys: KeyProvider = {
    ...real,
    async generate(...given) {
      calls.generate += 1;
      await control.provider?.();
      return real.generate(...given);
    },
    async unwrap(...given) {
      calls.unwrap += 1;
      await control.provider?.();
      return real.unwrap(...given);
    },
    store: {
      ...store,
      async read(...given) {
        calls.read += 1;
        await control.store?.();
        return store.read(...given);
      },
      async add(...given) {
        calls.add += 1;
        return store.add(...given);
      },
    },
  };
  return { ...control, control, keys };
}

/** As a provider that is down says it. */
export async function isDown(): Promise<never> {
  throw new Error('connect ECONNREFUSED');
}

/** As a provider says no. */
export async function isDisabled(): Promise<never> {
  throw new CryptoError('UNITE_CRYPTO_KEY_DISABLED', 'The root key is disabled');
}

export function never(): Promise<never> {
  return new Promise(() => {});
}
