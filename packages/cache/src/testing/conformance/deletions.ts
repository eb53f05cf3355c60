import type { RemoteConnection } from '../../remote-types';
import { demandSame } from './demand';
import { check, longMs } from './place';

const bytes = new Uint8Array([1]);

async function putAll(connection: RemoteConnection, keys: readonly string[], stamp = 10): Promise<void> {
  await Promise.all(keys.map((key) => connection.put(key, { bytes, stamp, ttlMs: longMs })));
}

async function those(connection: RemoteConnection, keys: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(keys.map((key) => connection.read(key)));
  return keys.filter((_, index) => found[index]?.entry);
}

/** What is deleted by pattern. */
export const deletionChecks = [
  check('delete-matching', 'Entries that match go, and are counted; others stay.', async ({ a, b }) => {
    const keys = [
      'contacts:acme:1',
      'contacts:acme:2~ssn',
      'contacts:acme',
      'contacts:other:1',
      'leads:acme:1',
    ];
    await putAll(a, keys);
    demandSame(await b.deleteMatching('contacts:acme:*', 11), 2, 'deleted');
    demandSame(await those(a, keys), keys.slice(2), 'what stays');
    demandSame(await b.deleteMatching('contacts:acme:*', 11), 0, 'deleted when there is nothing any more');
    demandSame(await b.deleteMatching('*', 11), 3, 'deleted by *');
  }),

  check('delete-types', 'The types at the end of a key need not be named in a pattern.', async ({ a }) => {
    const keys = ['contacts:1~n', 'contacts:1', 'contacts:11~n', 'contacts:1:2~nn'];
    await putAll(a, keys);
    demandSame(await a.deleteMatching('contacts:1', 11), 2, 'deleted');
    demandSame(await those(a, keys), keys.slice(2), 'what stays');
  }),

  check('delete-older', 'Entries that are as new as the position or newer stay.', async ({ a }) => {
    for (const stamp of [9, 10, 11]) await putAll(a, [`key:${stamp}`], stamp);
    demandSame(await a.deleteMatching('key:*', 10), 1, 'deleted');
    demandSame(await those(a, ['key:9', 'key:10', 'key:11']), ['key:10', 'key:11'], 'what stays');
  }),

  check('delete-literally', 'Nothing but * is special in a pattern.', async ({ a }) => {
    const literals = ['a?b', 'a[b]c', 'a\\b', 'a^b', 'a-b', 'a.b', 'a(b|c)+', 'a$', 'a日b'];
    const others = ['axb', 'abc', 'ab', 'aac', 'a', 'abb', 'a[b]', 'ä日b'];
    await putAll(a, [...literals, ...others]);
    for (const pattern of literals)
      demandSame(await a.deleteMatching(pattern, 11), 1, `deleted by ${pattern}`);
    demandSame(await those(a, others), others, 'what stays');
    await putAll(a, ['a[1]:x:2', 'a1:x:2']);
    demandSame(await a.deleteMatching('a[1]:*:2', 11), 1, 'deleted by a[1]:*:2');
  }),

  check('delete-many', 'However many match, all of them go.', async ({ a, b }) => {
    const keys = Array.from({ length: 1_500 }, (_, index) => `many:${index}`);
    for (let at = 0; at < keys.length; at += 250) await putAll(a, keys.slice(at, at + 250));
    demandSame(await b.deleteMatching('many:*', 11), 1_500, 'deleted');
    demandSame((await those(a, keys.slice(0, 100))).length, 0, 'what stays of the first hundred');
  }),
];
