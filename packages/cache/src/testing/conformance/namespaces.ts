import { demandSame } from './demand';
import { append, check, longMs, sync } from './place';

/** What one application does is not another's. */
export const namespaceChecks = [
  check(
    'namespaces',
    'Entries, leases, log, links and counts of two namespaces are apart.',
    async (place) => {
      const { a } = place;
      // One name is the other's beginning, and a dot is no wildcard.
      const others = [place.connect(`${place.namespace}.x`), place.connect(`${place.namespace}-x`)];
      const bytes = new Uint8Array([1]);
      await a.put('key', { bytes, stamp: 1, ttlMs: longMs });
      await a.lease('leased', { id: 'a', ttlMs: longMs });
      await a.link('a', 'b', longMs);
      await a.countReads('users', new Map([['one', 1]]));
      await append(a, ['*']);
      for (const other of others) {
        const { entry, leased } = await other.read('key', { id: 'l', ttlMs: longMs });
        demandSame([entry, leased], [undefined, true], 'entry and lease elsewhere');
        demandSame(
          await other.lease('leased', { id: 'b', ttlMs: longMs }),
          true,
          'lease of the same key elsewhere',
        );
        demandSame((await sync(other)).state, 'lost', 'state of a log where there is none');
        demandSame(
          (await append(other, ['ta'])).names.includes('tb'),
          false,
          'a link of elsewhere is followed',
        );
        demandSame(await other.mostRead('users', 10), [], 'counts of elsewhere');
        await other.put('key', { bytes, stamp: 1, ttlMs: longMs });
      }
      const { mark } = await append(a, ['ta']);
      demandSame(await a.deleteMatching('*', 2), 1, 'deleted here');
      for (const other of others) {
        demandSame((await other.read('key')).entry !== undefined, true, 'an entry elsewhere stays');
        await other.dropLog();
      }
      demandSame(
        (await sync(a, { since: mark })).state,
        'whole',
        'state of the log after another was removed',
      );
    },
  ),

  check('close', 'What one process closes is open for the others.', async ({ a, b }) => {
    await append(a, ['*']);
    await a.close();
    demandSame((await sync(b)).state, 'whole', 'state of the log');
  }),
];
