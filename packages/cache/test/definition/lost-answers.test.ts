import { describe, expect, it } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import type { Cache } from '../../src/types';
import { loseAnswers } from '../support/lose-answers';
import { fakeFleet, heldLoader } from '../support/open-cache';

function defineRows(cache: Cache, load: () => Promise<string> | string) {
  return cache.define<string, string>('rows', { key: (id) => [id], scope: 'global', load });
}

type IsLost = Parameters<typeof loseAnswers>[1];

function fleetThatLoses(isLost: IsLost) {
  const fleet = fakeFleet();
  let loses = false;
  const remote = loseAnswers(fleet.remote.layer(), (...call) => loses && isLost(...call));
  return {
    ...fleet,
    cache: fleet.open({ remote }),
    lose() {
      loses = true;
    },
  };
}

describe('a load of which the log said nothing', () => {
  it('is kept for the bound and not longer, though the log goes on: the database may have been one that is behind', async () => {
    const { cache, lose, clock } = fleetThatLoses((name) => name === 'read');
    let value = 'behind';
    const rows = defineRows(cache, () => value);
    await cache.ready();
    lose();
    expect(await rows.get('x')).toBe('behind');
    value = 'caught up';
    await clock.advance(1_000);
    expect(await rows.getWithReceipt('x')).toMatchObject({ value: 'behind', layer: 'memory' });
    await clock.advance(4_000);
    expect(await rows.get('x')).toBe('caught up');
  });
});

describe('a lease whose answer is lost', () => {
  it('is given back, so that nobody waits for a load that is stored nowhere', async () => {
    // The entry is missing. Whose lease it is, and what the log says, is not heard.
    const isLost: IsLost = (name, [, lease]) => name === 'sync' || (name === 'read' && lease !== undefined);
    const { cache, lose, remote } = fleetThatLoses(isLost);
    const { calls, load } = heldLoader<string>();
    const rows = defineRows(cache, load);
    await cache.ready();
    lose();
    const read = rows.get('x');
    await settle();
    expect(remote.count('read')).toBe(2);
    expect(remote.leases.size).toBe(0);
    calls[0]?.resolve('value');
    expect(await read).toBe('value');
  });

  it('is not asked for where the entry cannot be read: nobody waits for two deadlines', async () => {
    const { cache, lose, remote } = fleetThatLoses((name) => name === 'read');
    const rows = defineRows(cache, () => 'value');
    await cache.ready();
    const asked = remote.count('sync');
    lose();
    expect(await rows.get('x')).toBe('value');
    expect(remote.count('read')).toBe(1);
    expect(remote.count('sync')).toBe(asked);
    expect(remote.entries.size).toBe(0);
    expect(await rows.getWithReceipt('x')).toMatchObject({ layer: 'memory' });
  });

  it('is given back by a `set` that the log has not taken', async () => {
    const { cache, remote } = fleetThatLoses(() => false);
    const rows = defineRows(cache, () => 'loaded');
    await cache.ready();
    remote.refusals.set('append', new Error('refused'));
    expect(await rows.set('x', 'given')).toMatchObject({ acknowledged: false });
    await settle();
    expect(remote.count('lease')).toBe(1);
    expect(remote.leases.size).toBe(0);
  });
});
