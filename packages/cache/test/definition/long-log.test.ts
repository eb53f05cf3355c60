import { expect, it } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import { fakeFleet, heldLoader } from '../support/open-cache';

it('fences a load by an invalidation that the log has not taken, also while the log is not read to its end', async () => {
  const { clock, open, remote } = fakeFleet();
  const { calls, load } = heldLoader<string>();
  const cache = open();
  const rows = cache.define<string, string>('rows', { key: (id) => [id], scope: 'global', load });
  await cache.ready();
  remote.perSync = 1;
  for (let at = 0; at < 3; at += 1) {
    await clock.advance(5);
    remote.append({ names: [`t${at}`] });
  }
  const read = rows.get('x');
  await settle();
  remote.refusals.set('append', new Error('refused'));
  expect(await rows.delete('x')).toMatchObject({ acknowledged: false });
  calls[0]?.resolve('old');
  expect(await read).toBe('old');
  expect(rows.peek('x')).toBeUndefined();
});
