import { describe, expect, it } from '@jest/globals';
import type { DatabaseSession } from '../src/types';
import { fakeFleet } from './support/open-cache';

interface Token {
  readonly lsn: bigint;
}

/** A database whose session has written up to a position, and that remembers what it was told to see. */
function database(sessionToken: () => Promise<Token | undefined>) {
  const seen: Token[] = [];
  const session = { sessionToken, advanceSession: (token: Token) => void seen.push(token) };
  return { seen, session: session as DatabaseSession };
}

const load = (): number => {
  throw new Error('somebody else makes it');
};

describe('a load after an invalidation', () => {
  it('reads from a node that has seen the write behind it, in whatever process', async () => {
    const { clock, open } = fakeFleet();
    const writer = database(async () => ({ lsn: 2n ** 60n }));
    const reader = database(async () => undefined);
    const a = open({ database: writer.session });
    const b = open({ database: reader.session });
    const rows = b.define('rows', {
      key: () => ['x'],
      scope: 'global',
      tags: () => ['row:x'],
      load: () => 1,
    });
    await rows.get(undefined);
    expect(reader.seen).toEqual([]);
    await a.invalidateTags(['row:x']);
    await clock.advance(50);
    await rows.get(undefined);
    expect(reader.seen).toEqual([{ lsn: 2n ** 60n }]);
    // Tags that nobody wrote about cost nothing.
    const other = b.define('other', { key: () => ['y'], scope: 'global', load: () => 1 });
    await other.get(undefined);
    expect(reader.seen).toHaveLength(1);
  });

  it('goes on without a token that cannot be had', async () => {
    const { clock, open } = fakeFleet();
    const failing = open({ database: database(() => Promise.reject(new Error('down'))).session });
    expect(await failing.invalidateTags(['row:x'])).toMatchObject({ acknowledged: true });
    const hanging = open({ database: database(() => new Promise(() => undefined)).session });
    const told = hanging.invalidateTags(['row:x']);
    await clock.advance(1_000);
    expect(await told).toMatchObject({ acknowledged: true });
  });

  it('of this process reads from such a node, also while the log cannot be told', async () => {
    const { clock, open, remote } = fakeFleet();
    const { seen, session } = database(async () => ({ lsn: 5n }));
    const cache = open({ database: session });
    const define = (name: string, tags: readonly string[]) =>
      cache.define(name, { key: () => ['x'], scope: 'global', tags: () => tags, load: () => 1 });
    const [rows, others] = [define('rows', ['row:x']), define('others', ['row:y'])];
    await cache.ready();
    await rows.get(undefined);
    remote.isDown = true;
    await cache.invalidateTags(['row:x']);
    await rows.get(undefined);
    expect(seen).toEqual([{ lsn: 5n }]);
    await others.get(undefined);
    expect(seen).toHaveLength(1);
    remote.isDown = false;
    await clock.advance(1_000);
    expect(remote.log.at(-1)?.names).toEqual(['trow:x']);
  });

  it('holds as well for what somebody else makes', async () => {
    const { clock, open } = fakeFleet();
    const { seen, session } = database(async () => undefined);
    const writer = open({ database: database(async () => ({ lsn: 7n })).session });
    const reader = open({ database: session });
    const pages = reader.define('pages', { key: () => ['x'], scope: 'global', tags: () => ['row:x'], load });
    const made = await pages.lookup(undefined);
    expect(seen).toEqual([]);
    if (!made.hit) await made.put(1);
    expect(await pages.lookup(undefined)).toMatchObject({ hit: true });
    await writer.invalidateTags(['row:x']);
    await clock.advance(50);
    expect(await pages.lookup(undefined)).toMatchObject({ hit: false });
    expect(seen).toEqual([{ lsn: 7n }]);
  });

  it('hands in the token with what was pending', async () => {
    const { clock, open, remote } = fakeFleet();
    const cache = open({ database: database(async () => ({ lsn: 5n })).session });
    await cache.ready();
    remote.isDown = true;
    await cache.invalidateTags(['row:x']);
    remote.isDown = false;
    await clock.advance(1_000);
    expect(remote.log.at(-1)?.names).toEqual(['trow:x']);
    expect(remote.log.at(-1)?.token).not.toBe('');
  });
});
