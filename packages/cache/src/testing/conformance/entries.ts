import { randomBytes } from 'node:crypto';
import type { RemoteConnection } from '../../remote-types';
import { demand, demandBytes, demandSame, demandSoon } from './demand';
import { check, longMs } from './place';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

async function textAt(connection: RemoteConnection, key: string): Promise<string | undefined> {
  const { entry } = await connection.read(key);
  return entry && new TextDecoder().decode(entry.bytes);
}

/** What is put is read, and only by who may. */
export const entryChecks = [
  check(
    'read-nothing',
    'Where nothing is, a read finds nothing, and takes no lease unasked.',
    async ({ a }) => {
      const { entry, leased } = await a.read('key');
      demandSame(entry, undefined, 'entry');
      demandSame(leased, false, 'leased');
    },
  ),

  check(
    'read-what-was-put',
    'Another process reads what one has put: bytes, stamp, time left.',
    async ({ a, b }) => {
      demandSame(
        await a.put('key', { bytes: bytesOf('value'), stamp: 1_764_106_278_123_456, ttlMs: longMs }),
        true,
        'put',
      );
      const { entry, leased } = await b.read('key', { id: 'lease', ttlMs: longMs });
      demandBytes(entry?.bytes, bytesOf('value'), 'bytes');
      demandSame(entry?.stamp, 1_764_106_278_123_456, 'stamp');
      const ttlMs = entry?.ttlMs ?? 0;
      demand(ttlMs > longMs / 2 && ttlMs <= longMs, `ttlMs: of ${longMs} there are ${ttlMs} left`);
      demandSame(leased, false, 'leased, although there is an entry');
    },
  ),

  check(
    'any-bytes',
    'Bytes come back as they were: each value, none at all, a megabyte.',
    async ({ a, b }) => {
      const all = Uint8Array.from({ length: 256 }, (_, index) => index);
      const values = {
        all,
        none: new Uint8Array(0),
        'line ends': bytesOf('\r\n$5\r\n\0'),
        many: randomBytes(2 ** 20),
      };
      for (const [name, bytes] of Object.entries(values)) {
        await a.put(name, { bytes, stamp: 1, ttlMs: longMs });
        demandBytes((await b.read(name)).entry?.bytes, bytes, name);
      }
    },
  ),

  check('any-key', 'Keys that differ in anything are different keys.', async ({ a, b }) => {
    const keys = [
      'a',
      'A',
      'a ',
      'a:',
      'a:b',
      'a%3ab',
      'a?',
      'a[b]',
      'a\\',
      '\u00e4',
      'a\u0308',
      '日本',
      '😀',
      'a~s',
      'a~n',
      '"a"',
    ];
    for (const key of keys) await a.put(key, { bytes: bytesOf(`of ${key}`), stamp: 1, ttlMs: longMs });
    for (const key of keys) demandSame(await textAt(b, key), `of ${key}`, `what is at ${key}`);
  }),

  check('newer-stays', 'An older entry never replaces a newer one; one as new does.', async ({ a, b }) => {
    const put = (connection: RemoteConnection, stamp: number, text: string) =>
      connection.put('key', { bytes: bytesOf(text), stamp, ttlMs: longMs });
    demandSame(await put(a, 1_000, 'first'), true, 'put of the first');
    demandSame(await put(b, 999, 'older'), false, 'put of an older one');
    demandSame(await textAt(a, 'key'), 'first', 'what is there after an older one');
    demandSame(await put(b, 1_000, 'as new'), true, 'put of one as new');
    demandSame(await put(a, 1_001, 'newer'), true, 'put of a newer one');
    demandSame(await textAt(b, 'key'), 'newer', 'what is there in the end');
  }),

  check(
    'time-to-live',
    'An entry goes when its time is up; a newer one brings its own.',
    async ({ a, b }) => {
      await a.put('short', { bytes: bytesOf('value'), stamp: 1, ttlMs: 60.5 });
      await a.put('longer', { bytes: bytesOf('value'), stamp: 1, ttlMs: 60.5 });
      await a.put('longer', { bytes: bytesOf('value'), stamp: 2, ttlMs: longMs });
      await demandSoon(async () => (await b.read('short')).entry === undefined, 'the entry goes');
      demandSame(await textAt(b, 'longer'), 'value', 'what was put again with a longer time');
    },
  ),
];
