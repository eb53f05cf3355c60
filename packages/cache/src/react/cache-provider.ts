import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useMemo,
  useState,
} from 'react';
import { unknownSnapshot } from './cache-entry';
import { storeOf } from './create-cache-client';
import { defaultClient } from './default-client';
import { hashKey } from './hash-key';
import type { Snapshot } from './store-types';
import type { CacheClient, CacheKey } from './types';

/** Properties of {@link CacheProvider}. */
export interface CacheProviderProps {
  /**
   * Holds the values. On a server it must belong to one request.
   * @default that of the provider above; else one for the browser, or one for this render on a server
   */
  readonly client?: CacheClient | undefined;
  /**
   * Values to begin with, such as those a server has rendered: shown on both sides until newer ones are
   * fetched, which every component that shows one does. Added to those of the provider above.
   * @default none
   */
  readonly fallback?: readonly (readonly [key: CacheKey, data: unknown])[] | undefined;
  readonly children?: ReactNode;
}

interface Provided {
  readonly client: CacheClient;
  readonly initial: ReadonlyMap<string, Snapshot>;
}

const ProvidedContext = createContext<Provided | undefined>(undefined);

/**
 * Gives a client and first values to the components below.
 *
 * @throws TypeError for a client that {@link createCacheClient} has not made, or a malformed key
 * @example
 * // page.tsx, on the server
 * <CacheProvider fallback={[[['contacts', 1], await listContacts(1)]]}><Contacts page={1} /></CacheProvider>
 */
export function CacheProvider({ client, fallback, children }: CacheProviderProps): ReactElement {
  const above = useContext(ProvidedContext);
  const [own] = useState(() => client ?? above?.client ?? defaultClient());
  const value = useMemo(() => {
    const provided = { client: client ?? above?.client ?? own, initial: new Map(above?.initial) };
    storeOf(provided.client);
    for (const [key, data] of fallback ?? []) {
      provided.initial.set(hashKey(key), { ...unknownSnapshot, loaded: true, data, isValidating: false });
    }
    return provided;
  }, [client, above, own, fallback]);
  return createElement(ProvidedContext.Provider, { value }, children);
}

/**
 * The client of the components around; without a provider that of the browser, or on a server a new one.
 *
 * @example
 * const client = useCacheClient();
 * const logOut = () => client.clear();
 */
export function useCacheClient(): CacheClient {
  return useProvided()?.client ?? defaultClient();
}

export function useProvided(): Provided | undefined {
  return useContext(ProvidedContext);
}
