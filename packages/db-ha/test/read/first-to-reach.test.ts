import { describe, expect, it } from '@jest/globals';
import { type ManualClock, manualClock, settle } from '@unite/shared/testing';
import { ReplayPosition } from '../../src/node/replay-position';
import { Operation } from '../../src/operation';
import { firstToReach } from '../../src/read/first-to-reach';
import { deferred } from '../deferred';
import { heardBy, openFakeCluster } from '../fake-cluster';
import { FakeServer } from '../fake-driver';

const wanted = { timeline: 1, lsn: 5n };

/** A replica that is looked at; one without a position says nothing. */
function replica(clock: ManualClock, lsn: bigint | undefined) {
  const here = { lsn, looks: 0, error: undefined as Error | undefined };
  const replay: ReplayPosition = new ReplayPosition(clock, async () => {
    here.looks += 1;
    if (here.error) throw here.error;
    if (here.lsn === undefined) return new Promise<never>(() => undefined);
    replay.learn({ timeline: 1, lsn: here.lsn }, 'then');
  });
  return { here, replay };
}

function setUp(...lsns: (bigint | undefined)[]) {
  const clock = manualClock();
  const operation = new Operation('read', 0, 1_000, undefined);
  const [first, ...others] = lsns.map((lsn) => replica(clock, lsn));
  if (!first) throw new Error('needs a replica');
  const wait = (timeoutMs = 50) => firstToReach(first, others, wanted, timeoutMs, clock, operation);
  return { clock, operation, first, others, wait };
}

/** What a promise has brought so far. */
const stateOf = <Result>(waiting: Promise<Result>) => Promise.race([waiting, 'waiting' as const]);

it('asks nobody else where the first one is soon there', async () => {
  const { clock, first, others, wait } = setUp(4n, 9n);
  const waiting = wait();
  await clock.advance(1);
  first.here.lsn = 5n;
  await clock.advance(2);
  expect(await waiting).toBe(first);
  await clock.advance(100);
  expect([others[0]?.here.looks, clock.sleepers()]).toEqual([0, 0]);
});

describe('one that stands still', () => {
  it.each([
    ['behind', 4n],
    ['silent', undefined],
  ])('%s, gives way to another that is there', async (_, lsn) => {
    const { clock, others, wait } = setUp(lsn, 4n, 9n);
    const waiting = wait();
    await clock.advance(4.9);
    expect([await stateOf(waiting), others.map(({ here }) => here.looks)]).toEqual(['waiting', [0, 0]]);
    await clock.advance(0.1);
    expect(await waiting).toBe(others[1]);
  });

  it('gives way at half of a short time', async () => {
    const { clock, others, wait } = setUp(4n, 9n);
    const waiting = wait(2);
    await clock.advance(1);
    expect(await waiting).toBe(others[0]);
  });

  it('is waited for no longer than was said, and neither are the others', async () => {
    const { clock, first, others, wait } = setUp(4n, undefined, 4n);
    const waiting = wait();
    await clock.advance(49);
    expect(await stateOf(waiting)).toBe('waiting');
    await clock.advance(1);
    expect(await stateOf(waiting)).toBeUndefined();
    // Nobody is asked for the sake of who has left.
    await clock.advance(20);
    const looks = [first, ...others].map(({ here }) => here.looks);
    await clock.advance(100);
    expect([first, ...others].map(({ here }) => here.looks)).toEqual(looks);
    expect(clock.sleepers()).toBe(0);
  });
});

describe('one that is gone', () => {
  it('gives way at once', async () => {
    const { first, others, wait } = setUp(4n, 9n);
    first.here.error = new Error('gone');
    expect(await wait()).toBe(others[0]);
  });

  it('ends the wait where the others are gone as well', async () => {
    const { clock, first, others, wait } = setUp(4n, 4n);
    first.here.error = new Error('gone');
    const waiting = wait();
    await clock.advance(10);
    expect(await stateOf(waiting)).toBe('waiting');
    for (const { here } of others) here.error = new Error('gone, too');
    await clock.advance(10);
    expect(await stateOf(waiting)).toBeUndefined();
    await clock.advance(10);
    expect(clock.sleepers()).toBe(0);
  });
});

describe('a caller who leaves', () => {
  it.each([0, 4.9, 20])('after %s ms leaves nobody behind who asks', async (afterMs) => {
    const { clock, operation, others, wait } = setUp(4n, 4n);
    const rejection = expect(wait()).rejects.toMatchObject({ interruption: 'aborted' });
    await clock.advance(afterMs);
    operation.interrupt('aborted');
    await rejection;
    await clock.advance(20);
    const looks = others[0]?.here.looks;
    await clock.advance(100);
    expect([others[0]?.here.looks, clock.sleepers()]).toEqual([looks, 0]);
  });

  it('in the moment in which the others would be asked keeps them from it', async () => {
    const clock = manualClock();
    const [first, other] = [replica(clock, undefined), replica(clock, 4n)];
    const operation = new Operation('read', 0, 1_000, undefined);
    const alone = deferred<void>();
    const slow = { ...clock, sleep: () => alone.promise };
    const waiting = firstToReach(first, [other], wanted, 50, slow, operation);
    const rejection = expect(waiting).rejects.toMatchObject({ interruption: 'aborted' });
    operation.interrupt('aborted');
    alone.resolve();
    await rejection;
    await settle();
    expect([other.here.looks, clock.sleepers()]).toEqual([0, 0]);
  });
});

it('keeps reads off the primary while one replica of two stands still', async () => {
  const servers = {
    a: new FakeServer(),
    b: new FakeServer({ isReplica: true }),
    c: new FakeServer({ isReplica: true }),
  };
  const { a, b, c } = servers;
  const { db, clock } = await openFakeCluster(servers);
  for (let write = 1; write <= 10; write++) {
    a.lsn += 0x100n;
    // Which of them is asked first is chance, so each stands still half of the time.
    (write % 2 === 0 ? b : c).lsn = a.lsn;
    await db.query(`INSERT INTO t VALUES (${write})`);
    const read = db.readOnly().query(`SELECT ${write}`);
    await settle();
    await clock.advance(5);
    await read;
    await clock.advance(20);
  }
  expect(db.status().counts).toMatchObject({ primaryReads: 0, replicaReads: 10 });
  expect([heardBy(b).length, heardBy(c).length]).toEqual([5, 5]);
});
