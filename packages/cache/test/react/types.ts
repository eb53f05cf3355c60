// Compiled by `npm run typecheck`, never run: what must be a type error, and what must not.
import { type CacheKey, type CacheResult, createCacheClient, useCache } from '../../src/react';

interface Contact {
  readonly id: string;
}
declare const loadContacts: (page: number, signal: AbortSignal) => Promise<Contact[]>;
declare const id: string | undefined;
declare const ready: boolean;

// The value is typed from the fetcher, the fetcher's key from the key.
const contacts = useCache(['contacts', 1], ([, page], { signal }) => loadContacts(page, signal));
contacts.data satisfies Contact[] | undefined;
// @ts-expect-error there may be no value yet
contacts.data.length;
contacts.mutate([{ id: '1' }]);
contacts.mutate((list = []) => [...list, { id: '2' }]);
contacts.mutate(async () => undefined, { optimistic: (list = []) => list });
contacts.mutate(async () => {}, { optimistic: [] });
contacts.mutate([]) satisfies Promise<Contact[] | undefined>;
// @ts-expect-error another type
contacts.mutate('text');
// @ts-expect-error another type, later
contacts.mutate(async () => 'text');
// @ts-expect-error another type, for the meantime
contacts.mutate([], { optimistic: 'text' });
// @ts-expect-error an unknown option
contacts.mutate([], { optimisticData: [] });

// No key, no value.
useCache(ready ? ['contact', 1] : null, ([name, number]) => `${name} ${number.toFixed()}`).data satisfies
  | string
  | undefined;
useCache(id, (key) => key.length).data satisfies number | undefined;
useCache(undefined, () => 7);

// With suspense there is always a value.
useCache('a', () => 7, { suspense: true }).data.toFixed();
useCache('a', async () => 7, { suspense: true, staleMs: 0 }) satisfies CacheResult<number, number>;
// @ts-expect-error unless there is no key
useCache(id, () => 7, { suspense: true }).data.toFixed();
// @ts-expect-error unless it is not sure
useCache('a', () => 7, { suspense: ready }).data.toFixed();

// @ts-expect-error a part of a key that is an object
useCache(['contacts', { page: 1 }], () => 7);
// @ts-expect-error a part of a key that may be undefined
useCache(['contact', id], () => 7);
// @ts-expect-error an option of another library
useCache('a', () => 7, { staleTime: 1 });
// @ts-expect-error a duration is a number
useCache('a', () => 7, { staleMs: '1s' });

const client = createCacheClient({ defaults: { retries: 0 } });
client.get<number>('a') satisfies number | undefined;
client.get('a') satisfies unknown;
client.mutate<number>('a', (count = 0) => count + 1) satisfies Promise<number | undefined>;
client.invalidate(['contacts']);
client.invalidate((key: CacheKey) => key[0] === 'contacts');
// @ts-expect-error another type
client.mutate<number>('a', 'text');
// @ts-expect-error a key is no object
client.get({ id: 1 });
// @ts-expect-error whether a component suspends decides on its types, so it says so itself
createCacheClient({ defaults: { suspense: true } });
