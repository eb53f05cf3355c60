import { setTimeout as sleep } from 'node:timers/promises';
import type { RemoteConnection } from '../../remote-types';
import { demandSame, demandSoon } from './demand';
import { check, longMs } from './place';

const bytes = new Uint8Array([1]);
const lease = (id: string, ttlMs = longMs) => ({ id, ttlMs });

async function isFree(connection: RemoteConnection, key: string): Promise<boolean> {
  return connection.lease(key, lease('probe'));
}

/** One process loads, the others wait. */
export const leaseChecks = [
  check('one-winner', 'Of all who find nothing, one gets the lease.', async ({ a, b }) => {
    const reads = Array.from({ length: 40 }, (_, index) =>
      (index % 2 ? a : b).read('key', lease(`l${index}`)),
    );
    const winners = (await Promise.all(reads)).filter(({ leased }) => leased);
    demandSame(winners.length, 1, 'winners among 40');
    demandSame((await a.read('other', lease('l'))).leased, true, 'lease of another key');
  }),

  check(
    'one-renewer',
    'Of all who find an entry that is not valid, one gets the lease.',
    async ({ a, b }) => {
      await a.put('key', { bytes, stamp: 1, ttlMs: longMs });
      const tries = Array.from({ length: 40 }, (_, index) =>
        (index % 2 ? a : b).lease('key', lease(`l${index}`)),
      );
      demandSame((await Promise.all(tries)).filter(Boolean).length, 1, 'winners among 40');
    },
  ),

  check(
    'lease-of-newer',
    'There is none where a later entry has come since the one that is not valid was read.',
    async ({ a, b }) => {
      await a.put('key', { bytes, stamp: 5, ttlMs: longMs });
      demandSame(await b.lease('key', lease('b'), 4), false, 'with a later entry');
      demandSame(await b.lease('key', lease('b'), 5), true, 'with the same entry');
      demandSame(await b.lease('gone', lease('b'), 5), true, 'with no entry any more');
    },
  ),

  check('one-lease', 'It is the same lease, whether there is an entry or not.', async ({ a, b }) => {
    demandSame((await a.read('key', lease('a'))).leased, true, 'the first');
    demandSame(await b.lease('key', lease('b')), false, 'the second');
  }),

  check('lease-ends', 'A lease ends by itself: its holder may have died.', async ({ a, b }) => {
    await a.read('read', lease('a', 60));
    await a.lease('asked', lease('a', 60));
    await demandSoon(async () => (await b.read('read', lease('b'))).leased, 'another gets it by reading');
    await demandSoon(() => b.lease('asked', lease('b')), 'another gets it by asking');
  }),

  check('lease-renewed', 'Its holder can have it anew for longer, and nobody else.', async ({ a, b }) => {
    await a.read('key', lease('a', 60));
    demandSame(await a.lease('key', lease('a')), true, 'anew');
    demandSame(await b.lease('key', lease('b')), false, 'by another');
    await sleep(120);
    demandSame(await isFree(b, 'key'), false, 'free after the first time');
  }),
  check('release', 'A lease is given back by its holder alone.', async ({ a, b }) => {
    await a.read('key', lease('a'));
    await b.release('key', 'b');
    demandSame(await isFree(b, 'key'), false, 'free after a release by another');
    await a.release('key', 'a');
    demandSame(await isFree(b, 'key'), true, 'free after a release by its holder');
    await a.release('never leased', 'a');
  }),

  check(
    'put-releases',
    'A put gives the lease back that it names, also one that comes too late.',
    async ({ a, b }) => {
      await a.read('key', lease('a'));
      await b.put('key', { bytes, stamp: 5, ttlMs: longMs });
      await b.put('key', { bytes, stamp: 5, ttlMs: longMs, leaseId: 'b' });
      demandSame(await isFree(b, 'key'), false, 'free after puts of others');
      demandSame(
        await a.put('key', { bytes, stamp: 4, ttlMs: longMs, leaseId: 'a' }),
        false,
        'put of an older one',
      );
      demandSame(await isFree(b, 'key'), true, 'free after a put of its holder');
    },
  ),
];
