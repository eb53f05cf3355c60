import { expect, it } from '@jest/globals';
import { manualClock, settle } from '@unite/shared/testing';
import fc from 'fast-check';
import type { ClusterNode } from '../../src/node/cluster-node';
import type { ServerReport } from '../../src/node/server-report';
import { WritePosition } from '../../src/session/write-position';
import { type Deferred, deferred } from '../deferred';
import { fakeNode } from '../fake-node';
import { report } from '../reports';

function setUp() {
  const asked: { node: ClusterNode; answer: Deferred<ServerReport> }[] = [];
  const position = new WritePosition((node) => {
    const answer = deferred<ServerReport>();
    asked.push({ node, answer });
    return answer.promise;
  });
  const [primary, other] = [fakeNode('a', manualClock()), fakeNode('b', manualClock())];
  return { asked, position, primary, other };
}

it('asks once for all who come before the question', async () => {
  const { asked, position, primary } = setUp();
  const answers = [position.of(primary), position.of(primary)];
  await settle();
  expect(asked).toHaveLength(1);
  asked[0]?.answer.resolve(report({ lsn: 7n }));
  expect((await Promise.all(answers)).map(({ lsn }) => lsn)).toEqual([7n, 7n]);
});

it('lets whoever comes during a question wait for the next one, also when the first fails', async () => {
  const { asked, position, primary } = setUp();
  const first = position.of(primary);
  await settle();
  const late = [position.of(primary), position.of(primary)];
  await settle();
  expect(asked).toHaveLength(1);
  asked[0]?.answer.reject(new Error('reset'));
  await expect(first).rejects.toThrow('reset');
  await settle();
  expect(asked).toHaveLength(2);
  asked[1]?.answer.resolve(report({ lsn: 9n }));
  expect((await Promise.all(late)).map(({ lsn }) => lsn)).toEqual([9n, 9n]);
});

it('keeps nodes apart', async () => {
  const { asked, position, primary, other } = setUp();
  void position.of(primary);
  void position.of(other);
  await settle();
  expect(asked.map(({ node }) => node.name)).toEqual(['a', 'b']);
});

it('never answers with a question that began before the one who asks came', async () => {
  const step = fc.constantFrom('write and ask', 'answer', 'fail', 'settle');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      let written = 0n;
      const open: (() => void)[] = [];
      let running = 0;
      let fails = false;
      const position = new WritePosition((_node) => {
        // The worst server: it looks at its log as soon as it is asked, and answers late.
        const lsn = written;
        running += 1;
        expect(running).toBe(1);
        const answer = deferred<ServerReport>();
        open.push(() => {
          running -= 1;
          if (fails) answer.reject(new Error('x'));
          else answer.resolve(report({ lsn }));
        });
        return answer.promise;
      });
      const primary = fakeNode('a', manualClock());
      const asking: Promise<void>[] = [];
      const ask = () => {
        written += 1n;
        const mine = written;
        asking.push(
          position.of(primary).then(
            ({ lsn }) => expect(lsn).toBeGreaterThanOrEqual(mine),
            () => undefined,
          ),
        );
      };
      for (const what of steps) {
        if (what === 'write and ask') ask();
        else if (what === 'settle') await settle();
        else {
          fails = what === 'fail';
          open.shift()?.();
        }
      }
      let isOver = false;
      const all = Promise.all(asking).then(() => {
        isOver = true;
      });
      while (!isOver) {
        open.shift()?.();
        await settle();
      }
      await all;
    }),
    { numRuns: 60 },
  );
});
