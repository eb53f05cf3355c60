import { expect, it } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import fc from 'fast-check';
import { Permits } from '../../src/node/permits';
import { Interrupted, Operation } from '../../src/operation';

const begin = () => new Operation('read', 0, 1_000, undefined);

it('gives what it has at once and lets the others wait, up to a number', async () => {
  const permits = new Permits(1, 1, 'db-1 (read)');
  expect(permits.acquire(begin())).toBeUndefined();
  expect(permits.waiting).toBe(0);
  const second = permits.acquire(begin());
  expect(permits.waiting).toBe(1);
  expect(() => permits.acquire(begin())).toThrow(
    expect.objectContaining({
      code: 'UNITE_DB_QUEUE_FULL',
      message: '1 callers wait for one of 1 connections of db-1 (read)',
    }),
  );
  permits.release();
  await second;
  expect(permits.waiting).toBe(0);
});

it('forgets whoever gives up', async () => {
  const permits = new Permits(1, 10, 'x');
  permits.acquire(begin());
  const impatient = begin();
  const refused = permits.acquire(impatient);
  const last = permits.acquire(begin());
  impatient.interrupt('deadline');
  await expect(refused).rejects.toBeInstanceOf(Interrupted);
  expect(permits.waiting).toBe(1);
  permits.release();
  await last;
  permits.release();
  expect(permits.acquire(begin())).toBeUndefined();
});

it('passes on what was granted in the turn of an interruption', async () => {
  const permits = new Permits(1, 10, 'x');
  permits.acquire(begin());
  const impatient = begin();
  const refused = permits.acquire(impatient);
  const next = permits.acquire(begin());
  permits.release();
  impatient.interrupt('aborted');
  await expect(refused).rejects.toBeInstanceOf(Interrupted);
  await next;
});

it('refuses an operation that was interrupted before it had to wait', async () => {
  const permits = new Permits(1, 10, 'x');
  permits.acquire(begin());
  const interrupted = begin();
  interrupted.interrupt('closed');
  await expect(permits.acquire(interrupted)).rejects.toBeInstanceOf(Interrupted);
  expect(permits.waiting).toBe(0);
});

it('never gives more than there are, keeps the order and loses none, whatever happens', async () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.constant({ do: 'acquire', which: 0 } as const) },
    fc.record({ do: fc.constantFrom('interrupt' as const, 'release' as const), which: fc.nat(20) }),
    fc.constant({ do: 'settle', which: 0 } as const),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.array(step, { maxLength: 40 }),
      async (max, steps) => {
        const permits = new Permits(max, 5, 'x');
        const asked: { operation: Operation; state: 'waiting' | 'held' | 'interrupted' | 'released' }[] = [];
        const granted: number[] = [];
        const check = () =>
          expect(asked.filter(({ state }) => state === 'held').length).toBeLessThanOrEqual(max);
        for (const { do: what, which } of steps) {
          const one = asked[which];
          if (what === 'acquire') {
            const index = asked.length;
            const entry: (typeof asked)[number] = { operation: begin(), state: 'held' };
            let wait: Promise<void> | undefined;
            try {
              wait = permits.acquire(entry.operation);
            } catch {
              expect(permits.waiting).toBe(5);
              continue;
            }
            asked.push(entry);
            if (!wait) granted.push(index);
            else {
              entry.state = 'waiting';
              wait.then(
                () => {
                  entry.state = 'held';
                  granted.push(index);
                  check();
                },
                () => {
                  entry.state = 'interrupted';
                },
              );
            }
          } else if (what === 'interrupt') one?.operation.interrupt('aborted');
          else if (what === 'release' && one?.state === 'held') {
            one.state = 'released';
            permits.release();
          } else await settle();
          check();
        }
        await settle();
        expect(granted).toEqual([...granted].sort((a, b) => a - b));
        expect(permits.waiting).toBe(asked.filter(({ state }) => state === 'waiting').length);
        // With everything given back and nobody waiting, all of them are there again and no more.
        while (asked.some(({ state }) => state === 'held' || state === 'waiting')) {
          for (const entry of asked) {
            if (entry.state !== 'held') continue;
            entry.state = 'released';
            permits.release();
          }
          await settle();
        }
        for (let i = 0; i < max; i++) expect(permits.acquire(begin())).toBeUndefined();
        expect(permits.acquire(begin())).toBeInstanceOf(Promise);
      },
    ),
    { numRuns: 60 },
  );
});
