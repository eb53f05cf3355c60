import { describe, expect, it } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import { fakeFleet } from '../support/open-cache';

/** Two processes that have read the log to its end, and a row that both have in memory. */
async function fleetWithRow() {
  const fleet = fakeFleet();
  const truth = { version: 'old' };
  const caches = [fleet.open(), fleet.open()] as const;
  const define = (cache: (typeof caches)[number]) =>
    cache.define<string, string>('rows', { key: (id) => [id], scope: 'global', load: () => truth.version });
  const rows = [define(caches[0]), define(caches[1])] as const;
  await rows[0].get('x');
  await settle();
  await rows[1].get('x');
  return { ...fleet, truth, caches, rows };
}

describe('an invalidation that the log has taken and lost', () => {
  it('is noticed by the one who wrote it, even where nobody has read it', async () => {
    const { clock, remote, truth, caches, rows } = await fleetWithRow();
    truth.version = 'new';
    expect(await rows[0].delete('x')).toMatchObject({ acknowledged: true });
    // As a failover to a replica that lags, or a restart from a snapshot; then others write on.
    remote.log = remote.log.slice(0, -1);
    remote.last.delete('krows:x');
    await clock.advance(5);
    remote.append({ names: ['tother'] });
    await clock.advance(120);
    expect(await rows[1].get('x')).toBe('new');
    expect(caches[0].stats().remote?.logLosses).toBe(1);
    await clock.advance(1_000);
    expect(caches.map((cache) => cache.stats().remote?.logLosses)).toEqual([1, 0]);
  });

  it('costs nothing once everything was made invalid after it', async () => {
    const { clock, remote, truth, caches, rows } = await fleetWithRow();
    truth.version = 'new';
    await rows[0].delete('x');
    remote.log = remote.log.slice(0, -1);
    remote.last.delete('krows:x');
    await clock.advance(5);
    remote.append({ names: ['*'] });
    await clock.advance(120);
    expect(await rows[1].get('x')).toBe('new');
    expect(caches[0].stats().remote?.logLosses).toBe(0);
  });

  it('is not taken for lost while the log is read in pieces, or was read before the answer came', async () => {
    const { clock, remote, caches, rows } = await fleetWithRow();
    remote.perSync = 1;
    for (const tag of ['t1', 't2', 't3']) remote.append({ names: [tag] });
    await rows[0].delete('x');
    await clock.advance(300);
    remote.hold('append');
    const deleting = rows[0].delete('x');
    await clock.advance(120);
    remote.release();
    await deleting;
    await clock.advance(300);
    expect(caches[0].stats().remote?.logLosses).toBe(0);
    remote.retained = 1;
    remote.hold('sync');
    await rows[0].delete('x');
    remote.append({ names: ['t4'] });
    remote.release();
    await clock.advance(300);
    expect(caches[0].stats().remote?.logLosses).toBe(0);
  });
});
