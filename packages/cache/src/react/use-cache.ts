import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import { unknownSnapshot } from './cache-entry';
import { settingsFrom } from './cache-options';
import { useCacheClient, useProvided } from './cache-provider';
import type { CacheStore } from './cache-store';
import { storeOf } from './create-cache-client';
import { isServer } from './default-client';
import { hashKey } from './hash-key';
import type { CacheRequest, CacheSettings, Snapshot } from './store-types';
import type { CacheKey, CacheOptions, CacheResult, Change, Fetcher, MutateOptions } from './types';

/** Without a key there is nothing to wait for. */
const nothing: Snapshot = { ...unknownSnapshot, isValidating: false };

/**
 * The value of a key, fetched where it is missing or stale, and shared by all components with that key: one
 * request is under way at a time, an older answer never replaces a newer one or a mutation, and the request
 * is aborted when no component wants it any more.
 *
 * @param key `null` and `undefined` do nothing
 * @param fetcher need not be memoized: the one of the last render is used
 * @throws TypeError for a key or an option that is malformed; with `suspense` also what the fetcher throws
 * @example
 * const { data, error, isLoading, mutate } = useCache(['contacts', page], ([, page], { signal }) =>
 *   fetch(`/api/contacts?page=${page}`, { signal }).then(readContacts),
 * );
 */
export function useCache<const Key extends CacheKey, Data>(
  key: Key,
  fetcher: Fetcher<Key, Data>,
  options: CacheOptions & { readonly suspense: true },
): CacheResult<Data, Data>;
/** Without suspense: there is no data at first, and none without a key. */
export function useCache<const Key extends CacheKey, Data>(
  key: Key | null | undefined,
  fetcher: Fetcher<Key, Data>,
  options?: CacheOptions,
): CacheResult<Data>;
export function useCache<Key extends CacheKey, Data>(
  key: Key | null | undefined,
  fetcher: Fetcher<Key, Data>,
  options: CacheOptions = {},
): CacheResult<Data> {
  const provided = useProvided();
  const store = storeOf(useCacheClient());
  const settings = settingsFrom('useCache', options, store.settings.defaults);
  const hash = key == null ? undefined : hashKey(key);
  const request = { key: key ?? '', fetcher, options: settings };
  const latest = useLatest(request);
  const snapshot = useSnapshot(store, hash, latest, settings);

  if (settings.suspense && hash !== undefined && !snapshot.loaded) {
    if (isServer() && !provided) throw new Error('useCache: suspense on a server needs a CacheProvider');
    store.open(hash).suspend(request);
  }

  useEffect(() => {
    if (hash !== undefined) store.open(hash).mount(latest.current);
  }, [store, hash, latest]);
  const previous = usePrevious(store, hash, snapshot);
  const isLoading = snapshot.isValidating && !snapshot.loaded;
  const kept = settings.keepPreviousData && isLoading ? previous : undefined;

  return {
    data: (kept ?? snapshot).data as Data | undefined,
    error: snapshot.error,
    isLoading,
    isValidating: snapshot.isValidating,
    isStale: snapshot.isStale || kept !== undefined,
    mutate: useCallback(
      async (change: Change<Data>, mutateOptions?: MutateOptions<Data>) => {
        if (hash === undefined) throw new TypeError('useCache: mutate needs a key');
        return store.mutate(hash, change, mutateOptions) as Promise<Data | undefined>;
      },
      [store, hash],
    ),
    revalidate: useCallback(
      async () => (hash === undefined ? undefined : store.open(hash).invalidate()),
      [store, hash],
    ),
  };
}

/** Subscribes to a key. The store is the same for all components at any moment, so a screen never tears. */
function useSnapshot(
  store: CacheStore,
  hash: string | undefined,
  request: { readonly current: CacheRequest },
  { refreshEveryMs, refreshWhenHidden, suspense }: CacheSettings,
): Snapshot {
  const initial = useProvided()?.initial.get(hash ?? '') ?? unknownSnapshot;
  const subscribe = useCallback(
    (notify: () => void) =>
      hash === undefined ? () => undefined : store.subscribe(hash, { request, initial, notify }),
    // An interval counts from the subscription.
    [store, hash, request, initial, refreshEveryMs, refreshWhenHidden],
  );
  const present = () => (hash === undefined ? nothing : (store.peek(hash)?.snapshot ?? initial));
  // What a server has rendered: nothing that the browser has learnt since. A suspended component has not
  // been rendered there.
  const rendered = () => (hash === undefined ? nothing : initial);
  return useSyncExternalStore(subscribe, present, suspense && !initial.loaded ? present : rendered);
}

/** What was shown for another key of the same store. */
function usePrevious(store: CacheStore, hash: string | undefined, snapshot: Snapshot): Snapshot | undefined {
  const last = useRef<{ store: CacheStore; hash: string | undefined; snapshot: Snapshot }>(undefined);
  useEffect(() => {
    if (snapshot.loaded) last.current = { store, hash, snapshot };
    // Cleared, so that it must not be shown again.
    else if (last.current?.hash === hash) last.current = undefined;
  });
  return last.current?.store === store && last.current.hash !== hash ? last.current.snapshot : undefined;
}

/** A reference to what the last commit had: renders that are thrown away leave no trace. */
function useLatest<Value>(value: Value): { readonly current: Value } {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });
  return latest;
}
