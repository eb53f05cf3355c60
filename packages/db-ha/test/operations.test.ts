import { describe, expect, it } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import type { ClusterNode } from '../src/node/cluster-node';
import type { Interrupted } from '../src/operation';
import { Operations } from '../src/operations';
import { fakeNode } from './fake-node';

function setUp() {
  const clock = manualClock();
  const stalls: [ClusterNode, atMs: number][] = [];
  const startMs = clock.monotonicMs();
  const operations = new Operations(clock, (node) => stalls.push([node, clock.monotonicMs() - startMs]));
  const [one, other] = [fakeNode('one', clock), fakeNode('other', clock)];
  return { clock, operations, stalls, one, other };
}

/** How a wait that nothing ends is interrupted. */
function outcome(operation: ReturnType<Operations['begin']>) {
  const said: { at?: string; cause?: unknown } = {};
  operation.race(new Promise(() => undefined)).catch((error: Interrupted) => {
    said.at = error.interruption;
    said.cause = error.cause;
  });
  return said;
}

describe('the time of an operation', () => {
  it('is up at its deadline, to the next look', async () => {
    const { clock, operations } = setUp();
    const said = outcome(operations.begin('read', 60, undefined));
    await clock.advance(59);
    expect(said.at).toBeUndefined();
    await clock.advance(16);
    expect(said.at).toBe('deadline');
  });

  it('is up at once when none is left', async () => {
    const { clock, operations } = setUp();
    const said = outcome(operations.begin('read', -5, undefined));
    await clock.advance(25);
    expect(said.at).toBe('deadline');
  });

  it('ends with the request, with its reason', async () => {
    const { clock, operations } = setUp();
    const request = new AbortController();
    const said = outcome(operations.begin('write', 60_000, request.signal));
    await clock.advance(100);
    expect(said.at).toBeUndefined();
    request.abort('gone');
    await clock.advance(25);
    expect(said).toEqual({ at: 'aborted', cause: 'gone' });
  });

  it('is watched by one timer for all, and by none for nobody', async () => {
    const { clock, operations } = setUp();
    expect(clock.sleepers()).toBe(0);
    const running = [1, 2, 3].map(() => operations.begin('read', 1_000, undefined));
    expect(clock.sleepers()).toBe(1);
    for (const operation of running) operations.end(operation);
    await clock.advance(25);
    expect(clock.sleepers()).toBe(0);
    operations.begin('read', 1_000, undefined);
    expect(clock.sleepers()).toBe(1);
  });
});

describe('a stall', () => {
  it('is reported after a while, then half as often each time', async () => {
    const { clock, operations, stalls, one } = setUp();
    const operation = operations.begin('read', 60_000, undefined);
    operations.waitFor(operation, one);
    await clock.advance(1_100);
    expect(stalls).toEqual([
      [one, 150],
      [one, 450],
      [one, 1_050],
    ]);
  });

  it('is counted anew for another node, and not while nobody is waited for', async () => {
    const { clock, operations, stalls, one, other } = setUp();
    const operation = operations.begin('read', 60_000, undefined);
    operations.waitFor(operation, one);
    await clock.advance(125);
    operations.stopWaiting(operation);
    await clock.advance(1_000);
    operations.waitFor(operation, other);
    await clock.advance(125);
    expect(stalls).toEqual([]);
    await clock.advance(25);
    expect(stalls).toEqual([[other, 1_275]]);
  });
});

describe('losing a node', () => {
  it('interrupts the reads that wait for it', async () => {
    const { operations, one, other } = setUp();
    const begin = (kind: 'read' | 'write' | 'borrow', node: ClusterNode | undefined) => {
      const operation = operations.begin(kind, 1_000, undefined);
      if (node) operations.waitFor(operation, node);
      return outcome(operation);
    };
    const all = [
      begin('read', one),
      begin('write', one),
      begin('borrow', one),
      begin('read', other),
      begin('read', undefined),
    ];
    const reset = new Error('reset');
    operations.interrupt(one, 'read', 'lost', reset);
    await Promise.resolve();
    expect(all.map(({ at }) => at)).toEqual(['lost', undefined, undefined, undefined, undefined]);
    expect(all[0]?.cause).toBe(reset);
    operations.interrupt(one, 'all', 'fenced', undefined);
    await Promise.resolve();
    expect(all.map(({ at }) => at)).toEqual(['lost', 'fenced', 'fenced', undefined, undefined]);
  });
});

describe('the drain', () => {
  it('is over at once when nothing runs', async () => {
    const { clock, operations } = setUp();
    await expect(operations.drain(1_000)).resolves.toBe(0);
    expect(clock.sleepers()).toBe(0);
  });

  it('is over as soon as the last one ends', async () => {
    const { clock, operations } = setUp();
    const [one, other] = [
      operations.begin('read', 9_000, undefined),
      operations.begin('write', 9_000, undefined),
    ];
    let aborted: number | undefined;
    void operations.drain(1_000).then((count) => {
      aborted = count;
    });
    operations.end(one);
    await clock.advance(500);
    expect(aborted).toBeUndefined();
    operations.end(other);
    await clock.advance(0);
    expect(aborted).toBe(0);
    await clock.advance(25);
    expect(clock.sleepers()).toBe(0);
  });

  it('interrupts what is left, counts it, and lets it hear what became of it', async () => {
    const { clock, operations } = setUp();
    const [polite, stubborn] = [
      operations.begin('read', 9_000, undefined),
      operations.begin('write', 9_000, undefined),
    ];
    const said = [outcome(polite), outcome(stubborn)];
    let aborted: number | undefined;
    void operations.drain(1_000).then((count) => {
      aborted = count;
    });
    await clock.advance(999);
    expect(said.map(({ at }) => at)).toEqual([undefined, undefined]);
    await clock.advance(1);
    expect(said.map(({ at }) => at)).toEqual(['closed', 'closed']);
    operations.end(polite);
    await clock.advance(999);
    expect(aborted).toBeUndefined();
    await clock.advance(1);
    expect(aborted).toBe(2);
  });

  it('waits as long as it was told, however long that is', async () => {
    for (const timeoutMs of [Number.POSITIVE_INFINITY, 2 ** 40]) {
      const { clock, operations } = setUp();
      let longest = 0;
      const { sleep } = clock;
      Object.assign(clock, {
        sleep: (ms: number, signal?: AbortSignal) => {
          longest = Math.max(longest, ms);
          return sleep(ms, signal);
        },
      });
      const operation = operations.begin('read', 1_000, undefined);
      const draining = operations.drain(timeoutMs);
      operations.end(operation);
      await expect(draining).resolves.toBe(0);
      // A timer of Node that is set for longer goes off at once.
      expect(longest).toBe(2 ** 31 - 1);
    }
  });
});
