import { expect, it } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import { loseAnswers } from '../support/lose-answers';
import { fakeFleet } from '../support/open-cache';

const wholeDayMs = 86_400_000;

function rowsOf(fleet: ReturnType<typeof fakeFleet>, remote = fleet.remote.layer()) {
  const cache = fleet.open({ remote });
  const options = { scope: 'global', memoryTtlMs: wholeDayMs, load: (id: string) => `row ${id}` } as const;
  return { cache, rows: cache.define('rows', { key: (id: string) => [id], ...options }) };
}

it('asks for the lease with the first command after two misses in a row, until an entry is there', async () => {
  const fleet = fakeFleet();
  const { remote } = fleet;
  const [{ cache, rows }, other] = [rowsOf(fleet), rowsOf(fleet)];
  await other.rows.getMany(['there', 'there too']);
  await cache.ready();
  await settle();
  const readsFor = async (id: string): Promise<number> => {
    const before = remote.count('read');
    expect(await rows.get(id)).toBe(`row ${id}`);
    await settle();
    return remote.count('read') - before;
  };
  expect([await readsFor('a'), await readsFor('b'), await readsFor('c')]).toEqual([2, 2, 1]);
  expect(remote.entries.size).toBe(5);
  expect(remote.leases.size).toBe(0);
  // Found without a load, although a miss was thought likely.
  expect(await readsFor('there')).toBe(1);
  expect([await readsFor('there too'), await readsFor('d')]).toEqual([1, 2]);
  expect(rows.stats()).toMatchObject({ loads: 4, misses: 4, remoteHits: 2 });
});

it('notices an outage while misses are likely', async () => {
  const fleet = fakeFleet();
  let isAway = false;
  const { cache, rows } = rowsOf(
    fleet,
    loseAnswers(fleet.remote.layer(), () => isAway),
  );
  for (const id of ['a', 'b', 'c']) await rows.get(id);
  isAway = true;
  for (const id of ['d', 'e']) expect(await rows.get(id)).toBe(`row ${id}`);
  expect(cache.stats().remote?.state).toBe('down');
});
