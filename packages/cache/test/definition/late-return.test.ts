import { expect, it } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import type { RemoteConnection } from '../../src/remote-types';
import type { Cache } from '../../src/types';
import { loseAnswers } from '../support/lose-answers';
import { fakeFleet } from '../support/open-cache';

it('waits after an outage for those whose client connects again as late as clients do', async () => {
  const { clock, open, remote } = fakeFleet();
  let version = 'old';
  const away = new Set<keyof RemoteConnection>();
  const [late, early] = [open({ remote: loseAnswers(remote.layer(), (name) => away.has(name)) }), open()];
  const define = (cache: Cache) =>
    cache.define<string, string>('rows', { key: (id) => [id], scope: 'global', load: () => version });
  const [lateRows, earlyRows] = [define(late), define(early)];
  await lateRows.get('x');
  await settle();
  await earlyRows.get('y');
  remote.isDown = true;
  await clock.advance(500);
  version = 'new';
  expect(await lateRows.delete('x')).toMatchObject({ acknowledged: false });
  await clock.advance(5_000);
  away.add('sync');
  remote.isDown = false;
  await clock.advance(3_000);
  expect(early.stats().remote?.state).toBe('up');
  expect(late.stats().remote?.state).toBe('down');
  expect(await earlyRows.get('x')).toBe('new');
  away.clear();
  await clock.advance(3_000);
  expect(late.stats().remote?.pendingInvalidations).toBe(0);
  expect(await define(open()).get('x')).toBe('new');
});
