import { randomBytes, randomUUID } from 'node:crypto';
import type { KeyStore, StoredKey } from '../keys/key-types';
import { demand, demandSame } from './demand';
import { call, keyCheck } from './key-check';
import type { CheckedKeyStore, KeyCheck } from './testing-types';

/** How many add a key at once. */
const crowd = 50;

/**
 * Everything that a key store has to do, for a test runner that is to show each by its name.
 *
 * @example
 * test.each(keyStoreSuite)('$name: $summary', ({ run }) => run(() => ({ store: myStore(client) })));
 */
export const keyStoreSuite: readonly KeyCheck<CheckedKeyStore>[] = Object.freeze([
  check('unknown', 'A tenant that never had a key is none.', async ({ store }) => {
    const tenantId = newTenant();
    demandSame(await store.read(tenantId, call()), undefined, 'what is read of it');
    const key = keyOf(tenantId, 1);
    demandSame(await store.replace(key, key.wrapped, call()), false, 'a replacement');
    demandSame(await store.remove(key, call()), false, 'a removal');
    demandSame(await store.add(key, 7, call()), false, 'a key after one that is not there');
    demandSame(await store.read(tenantId, call()), undefined, 'what is read of it afterwards');
  }),

  check('newest-first', 'Keys are read as they were added, the newest first.', async ({ store, another }) => {
    const tenantId = newTenant();
    const keys = [keyOf(tenantId, 4_294_967_295), keyOf(tenantId, 3), keyOf(tenantId, 200)];
    await addAll(store, keys);
    const wanted = { keys: keys.toReversed() };
    demandSame(await store.read(tenantId, call()), wanted, 'what is read');
    demandSame(await (another ?? store).read(tenantId, call()), wanted, 'what another instance reads');
  }),

  check('compare-and-set', 'A key is added after the primary and no other, and once.', async ({ store }) => {
    const tenantId = newTenant();
    const [first, second] = [keyOf(tenantId, 1), keyOf(tenantId, 2)];
    await addAll(store, [first, second]);
    for (const after of [undefined, 1, 3])
      demandSame(await store.add(keyOf(tenantId, 4), after, call()), false, `a key after ${after}`);
    demandSame(await store.add(keyOf(tenantId, 1), 2, call()), false, 'a key whose id is taken');
    demandSame(await store.read(tenantId, call()), { keys: [second, first] }, 'what is read');
  }),

  check('first-crowd', `Of ${crowd} that add the first key at once one succeeds.`, ({ store, another }) =>
    race(newTenant(), store, another ?? store, undefined),
  ),

  check('crowd', `Of ${crowd} that add the next key at once one succeeds.`, async ({ store, another }) => {
    const tenantId = newTenant();
    await addAll(store, [keyOf(tenantId, 1_000)]);
    await race(tenantId, store, another ?? store, 1_000);
  }),

  check('replace', 'A key is replaced where it still is what it was taken for.', async ({ store }) => {
    const tenantId = newTenant();
    const [first, second] = [keyOf(tenantId, 1), keyOf(tenantId, 2)];
    await addAll(store, [first, second]);
    const next = { ...first, wrapped: keyOf(tenantId, 1, 'root-2').wrapped };
    const other = { ...first.wrapped, bytes: randomBytes(60) };
    demandSame(await store.replace(next, other, call()), false, 'a replacement of other bytes');
    demandSame(await store.replace(next, first.wrapped, call()), true, 'a replacement');
    demandSame(await store.replace(next, first.wrapped, call()), false, 'a replacement of what is gone');
    demandSame(await store.read(tenantId, call()), { keys: [second, next] }, 'what is read');
  }),

  check('remove', 'Every key but the primary can be removed.', async ({ store }) => {
    const tenantId = newTenant();
    const keys = [keyOf(tenantId, 1), keyOf(tenantId, 2), keyOf(tenantId, 3)];
    await addAll(store, keys);
    demandSame(await store.remove({ tenantId, keyId: 3 }, call()), false, 'a removal of the primary');
    demandSame(await store.remove({ tenantId, keyId: 9 }, call()), false, 'a removal of no key');
    demandSame(await store.remove({ tenantId, keyId: 2 }, call()), true, 'a removal');
    demandSame(await store.remove({ tenantId, keyId: 2 }, call()), false, 'a removal again');
    demandSame(await store.read(tenantId, call()), { keys: [keys[2], keys[0]] }, 'what is read');
    demandSame(await store.add(keyOf(tenantId, 4), 3, call()), true, 'a key after a removal');
  }),

  check('shred', 'A shredded tenant has no keys, and never gets any.', async ({ store, another }) => {
    const tenantId = newTenant();
    const keys = [keyOf(tenantId, 1), keyOf(tenantId, 2)] as const;
    await addAll(store, keys);
    demandSame(await store.shred(tenantId, call()), 2, 'how many keys there were');
    const shredded = await (another ?? store).read(tenantId, call());
    demand(typeof shredded?.shreddedAtMs === 'number', 'a shredded tenant has no shreddedAtMs');
    demandSame(shredded.keys, [], 'its keys');
    for (const after of [undefined, 2])
      demandSame(await store.add(keyOf(tenantId, 3), after, call()), false, `a key after ${after}`);
    demandSame(await store.replace(keys[1], keys[1].wrapped, call()), false, 'a replacement');
    demandSame(await store.remove(keys[0], call()), false, 'a removal');
    demandSame(await store.shred(tenantId, call()), 0, 'how many keys there are for another shredding');
    demandSame(await store.read(tenantId, call()), shredded, 'what is read in the end');
  }),

  check('shred-unknown', 'A tenant can be shredded before it had a key.', async ({ store }) => {
    const tenantId = newTenant();
    demandSame(await store.shred(tenantId, call()), 0, 'how many keys there were');
    demandSame(await store.add(keyOf(tenantId, 1), undefined, call()), false, 'a key afterwards');
  }),

  check('shred-crowd', 'No key outlives a shredding that goes on at once.', async ({ store, another }) => {
    const tenantId = newTenant();
    const first = keyOf(tenantId, 1);
    await addAll(store, [first]);
    const rewrapped = { ...first, wrapped: keyOf(tenantId, 1, 'root-2').wrapped };
    await Promise.all([
      ...Array.from({ length: 10 }, (_, at) => store.add(keyOf(tenantId, 10 + at), 1, call())),
      (another ?? store).shred(tenantId, call()),
      store.replace(rewrapped, first.wrapped, call()),
    ]);
    demandSame((await store.read(tenantId, call()))?.keys, [], 'its keys');
  }),

  check('apart', 'Tenants are apart, whatever their ids are.', async ({ store }) => {
    const unique = newTenant();
    const odd = ['../', '/', '.', '%2e', 'A', 'a', 'é', 'e\u0301', '😀', "';--", ' ', '\n', 'x'.repeat(400)];
    const tenants = odd.map((text) => `${text}${unique}${text}`);
    for (const [at, tenantId] of tenants.entries()) await addAll(store, [keyOf(tenantId, at + 1)]);
    for (const [at, tenantId] of tenants.entries()) {
      const [key] = (await store.read(tenantId, call()))?.keys ?? [];
      demandSame([key?.keyId, key?.tenantId], [at + 1, tenantId], `the key of tenant ${at + 1}`);
    }
    await store.shred(tenants[0] as string, call());
    demandSame((await store.read(tenants[1] as string, call()))?.keys.length, 1, 'keys of another tenant');
  }),

  check(
    'tenants',
    'Tenants are listed in order, page by page, those without keys too.',
    async ({ store }) => {
      const unique = newTenant();
      const tenants = ['c', 'B', 'a', 'b', 'd'].map((name) => `${unique}:${name}`);
      for (const tenantId of tenants) await addAll(store, [keyOf(tenantId, 1)]);
      await store.shred(tenants[1] as string, call());
      const sorted = tenants.toSorted();
      const first = await store.tenants({ after: unique, limit: 2 }, call());
      demandSame(first, sorted.slice(0, 2), 'the first page');
      const rest = await store.tenants({ after: first.at(-1), limit: 3 }, call());
      demandSame(rest, sorted.slice(2), 'the second page');
      demand((await store.tenants({ limit: 1 }, call())).length === 1, 'a page without "after" is empty');
    },
  ),
]);

function check(name: string, summary: string, play: (subject: CheckedKeyStore) => Promise<void>) {
  return keyCheck<CheckedKeyStore>(name, summary, play);
}

async function race(
  tenantId: string,
  store: KeyStore,
  another: KeyStore,
  after: number | undefined,
): Promise<void> {
  const keys = Array.from({ length: crowd }, (_, at) => keyOf(tenantId, at + 1));
  const added = await Promise.all(
    keys.map((key, at) => (at % 2 === 0 ? store : another).add(key, after, call())),
  );
  const winners = keys.filter((_, at) => added[at]);
  demand(winners.length === 1, `${winners.length} were added`);
  demandSame((await store.read(tenantId, call()))?.keys[0], winners[0], 'the primary');
}

async function addAll(store: KeyStore, keys: readonly StoredKey[]): Promise<void> {
  let after: number | undefined;
  for (const key of keys) {
    demand(await store.add(key, after, call()), `a key after ${after} was not added`);
    after = key.keyId;
  }
}

function newTenant(): string {
  return `check:${randomUUID()}`;
}

function keyOf(tenantId: string, keyId: number, rootKeyId = 'root-1'): StoredKey {
  const wrapped = { rootKeyId, bytes: Uint8Array.from(randomBytes(60)) };
  return { tenantId, keyId, wrapped, createdAtMs: 1_790_000_000_000 + (keyId % 1_000) };
}
