// Compiled by `npm run typecheck`, never run: what must be a type error, and what must not.
import type { Cluster } from '@unite/db-ha';
import { Cluster as IoCluster, Redis } from 'ioredis';
import { createClient, createClientPool, createCluster, createSentinel } from 'redis';
import {
  type Cache,
  CacheError,
  type CacheErrorCode,
  type CacheGetMessage,
  type CacheInvalidateMessage,
  createCache,
  type Receipt,
} from '../src';
import { redisLayer } from '../src/redis';

interface Query {
  readonly workspaceId: string;
  readonly page: number;
}
interface Contact {
  readonly name: string;
}

declare function listContacts(query: Query, options: { signal: AbortSignal }): Promise<Contact[]>;

const cache: Cache = createCache({
  namespace: 'crm',
  memory: { maxBytes: 64 * 2 ** 20 },
  remote: redisLayer(createClient(), { timeoutMs: 50 }),
  maxStalenessMs: 5_000,
});

// As in the readme: parameters and value are found by inference.
const contacts = cache.define('contacts', {
  key: ({ workspaceId, page }: Query) => [workspaceId, page],
  scope: 'tenant',
  tags: ({ workspaceId }) => [`contacts-of:${workspaceId}`],
  memoryTtlMs: 5 * 60_000,
  remoteTtlMs: 15 * 60_000,
  load: (query, { signal }) => listContacts(query, { signal }),
});
contacts.get({ workspaceId: 'w', page: 1 }) satisfies Promise<Contact[]>;
contacts.getWithReceipt({ workspaceId: 'w', page: 1 }) satisfies Promise<Receipt<Contact[]>>;
contacts.peek({ workspaceId: 'w', page: 1 }) satisfies Contact[] | undefined;
cache.write(() => 5, { invalidates: ['contact:9'] }) satisfies Promise<number>;
// @ts-expect-error a parameter of another type
contacts.get({ workspaceId: 'w', page: '1' });
// @ts-expect-error a value of another type
contacts.set({ workspaceId: 'w', page: 1 }, 'text');
// @ts-expect-error a scope is required, so that nobody shares by accident
cache.define('rows', { key: (id: string) => [id], load: () => 1 });
// @ts-expect-error an object is no part of a key
cache.define('rows', { key: (query: Query) => [query], scope: 'global', load: () => 1 });
// @ts-expect-error undefined is no part of a key
cache.define('rows', { key: (id?: string) => [id], scope: 'global', load: () => 1 });
// @ts-expect-error units and types of a known option
createCache({ namespace: 'crm', maxStalenessMs: '5s' });

const contactTags = cache.tags.rule('contact', (contact: { id: number; workspaceId: string }) => [
  `contacts-of:${contact.workspaceId}`,
]);
contactTags({ id: 9, workspaceId: 'w' }) satisfies readonly string[];

// Every client, without a cast.
redisLayer(createClientPool());
redisLayer(createCluster({ rootNodes: [] }));
redisLayer(createSentinel({ name: 'main', sentinelRootNodes: [] }));
redisLayer(new Redis({ lazyConnect: true }));
redisLayer(new IoCluster([]));
redisLayer({ send: async () => null });
// @ts-expect-error no client
redisLayer({ url: 'redis://' });

declare const db: Cluster;
createCache({ namespace: 'crm', database: db });

declare const error: unknown;
if (CacheError.isInstance(error)) error.code satisfies CacheErrorCode;
// @ts-expect-error a code that does not exist
new CacheError('UNITE_CACHE_OOPS', 'text');

declare const read: CacheGetMessage;
read.layer satisfies 'memory' | 'remote' | 'load' | undefined;
declare const invalidated: CacheInvalidateMessage;
// @ts-expect-error it says how many, not which
invalidated.names satisfies readonly string[];
// @ts-expect-error what was told stays so
invalidated.cache = 'crm';
