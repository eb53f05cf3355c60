import { describe, expect, it } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import type { RemoteConnection } from '../../src/remote-types';
import type { Cache } from '../../src/types';
import { loseAnswers } from '../support/lose-answers';
import { fakeFleet, heldLoader } from '../support/open-cache';

function defineRows(cache: Cache, load: () => Promise<string> | string) {
  return cache.define<string, string>('rows', { key: (id) => [id], scope: 'global', load });
}

function fleetThatLoses(...names: (keyof RemoteConnection)[]) {
  const fleet = fakeFleet();
  const lost = new Set<keyof RemoteConnection>();
  const cache = fleet.open({ remote: loseAnswers(fleet.remote.layer(), lost) });
  return { ...fleet, cache, lose: () => names.forEach((name) => void lost.add(name)) };
}

describe('a lease whose answer is lost', () => {
  it('is given back, so that nobody waits for a load that is stored nowhere', async () => {
    const { cache, lose, remote } = fleetThatLoses('read', 'sync');
    const { calls, load } = heldLoader<string>();
    const rows = defineRows(cache, load);
    await cache.ready();
    lose();
    const read = rows.get('x');
    await settle();
    expect(remote.count('read')).toBe(1);
    expect(remote.leases.size).toBe(0);
    calls[0]?.resolve('value');
    expect(await read).toBe('value');
  });

  it('is given back when the load can be kept, too', async () => {
    const { cache, lose, remote } = fleetThatLoses('read');
    const rows = defineRows(cache, () => 'value');
    await cache.ready();
    lose();
    expect(await rows.get('x')).toBe('value');
    await settle();
    expect(remote.leases.size).toBe(0);
    expect(remote.entries.size).toBe(1);
  });

  it('is given back by a `set` that the log has not taken', async () => {
    const { cache, remote } = fleetThatLoses();
    const rows = defineRows(cache, () => 'loaded');
    await cache.ready();
    remote.refusals.set('append', new Error('refused'));
    expect(await rows.set('x', 'given')).toMatchObject({ acknowledged: false });
    await settle();
    expect(remote.count('lease')).toBe(1);
    expect(remote.leases.size).toBe(0);
  });
});
