import { checkOptions, describeValue, optionChecks, systemClock } from '@unite/shared';
import { amountCheck, settingsFrom } from './cache-options';
import { CacheStore } from './cache-store';
import { hashKey } from './hash-key';
import type { CacheClient, CacheClientOptions, CacheKey, Change, KeyFilter, MutateOptions } from './types';

const checks = {
  maxEntries: amountCheck,
  focusThrottleMs: amountCheck,
  defaults: optionChecks.object,
  clock: optionChecks.object,
  random: optionChecks.function,
};

/** Where a client keeps its store. Of the symbol registry: client and hook may be of different module copies. */
const storeKey: unique symbol = Symbol.for('unite.cache.store.1');

/**
 * Holds the values of one application in a browser, or of one request on a server. Starts nothing: requests,
 * timers and listeners exist only while a component is mounted.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * const client = createCacheClient({ defaults: { staleMs: 10_000 } });
 * root.render(<CacheProvider client={client}><App /></CacheProvider>);
 * socket.onmessage = ({ data }) => client.invalidate(['contacts', data.workspaceId]);
 */
export function createCacheClient(options: CacheClientOptions = {}): CacheClient {
  checkOptions('createCacheClient', options, checks);
  const { maxEntries = 1_000, focusThrottleMs = 5_000, clock = systemClock, random = Math.random } = options;
  const defaults = settingsFrom('createCacheClient', options.defaults ?? {});
  const store = new CacheStore({ maxEntries, focusThrottleMs, defaults, clock, random });
  const client: CacheClient = {
    get<Data>(key: CacheKey) {
      const entry = store.peek(hashKey(key));
      if (entry) store.touched(entry);
      return entry?.snapshot.data as Data | undefined;
    },
    async mutate<Data>(key: CacheKey, change: Change<Data>, mutateOptions?: MutateOptions<Data>) {
      return store.mutate(hashKey(key), change, mutateOptions) as Promise<Data | undefined>;
    },
    async invalidate(keys) {
      await Promise.all(store.select(matcher(keys)).map((entry) => entry.invalidate()));
    },
    clear() {
      for (const entry of store.select(matcher())) entry.clear();
    },
  };
  return Object.defineProperty(client, storeKey, { value: store });
}

/**
 * The store of a client.
 *
 * @throws TypeError for anything that {@link createCacheClient} has not made
 */
export function storeOf(client: object): CacheStore {
  const { [storeKey]: store } = client as { [storeKey]?: CacheStore };
  if (store) return store;
  throw new TypeError(
    `CacheProvider: option "client" must be of createCacheClient, got ${describeValue(client)}`,
  );
}

function matcher(keys: KeyFilter = () => true): (key: CacheKey) => boolean {
  if (typeof keys === 'function') return keys;
  hashKey(keys);
  if (typeof keys === 'string') return (key) => key === keys;
  return (key) => typeof key !== 'string' && keys.every((part, index) => part === key[index]);
}
