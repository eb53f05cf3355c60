import type { CacheClient, CacheKey, CacheOptions, Fetcher } from '../../../src/react';
import { unknownSnapshot } from '../../../src/react/cache-entry';
import { settingsFrom } from '../../../src/react/cache-options';
import { storeOf } from '../../../src/react/create-cache-client';
import { hashKey } from '../../../src/react/hash-key';
import type { Snapshot } from '../../../src/react/store-types';

/** What a mounted component does, without React. */
export function subscribe(
  client: CacheClient,
  key: CacheKey,
  fetcher: Fetcher<CacheKey, unknown>,
  options: CacheOptions = {},
) {
  const store = storeOf(client);
  const hash = hashKey(key);
  const request = {
    current: { key, fetcher, options: settingsFrom('test', options, store.settings.defaults) },
  };
  const seen: Snapshot[] = [];
  const unmount = store.subscribe(hash, {
    request,
    initial: unknownSnapshot,
    notify: () => seen.push(snapshotOf(client, key)),
  });
  store.open(hash).mount(request.current);
  return { seen, unmount };
}

export function snapshotOf(client: CacheClient, key: CacheKey): Snapshot {
  return storeOf(client).peek(hashKey(key))?.snapshot ?? unknownSnapshot;
}
