import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Interrupted, type Interruption, Operation } from '../src/operation';

import { type Deferred, deferred } from './deferred';

const begin = () => new Operation('write', 0, 1_000, undefined);
const interrupted = (interruption: Interruption) => expect.objectContaining({ interruption });

describe('a race', () => {
  it('brings what the work brings', async () => {
    await expect(begin().race(Promise.resolve(7))).resolves.toBe(7);
    await expect(begin().race(Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('ends at an interruption before it', async () => {
    const operation = begin();
    operation.interrupt('deadline');
    const tooLate = jest.fn();
    await expect(operation.race(Promise.resolve(7), tooLate)).rejects.toEqual(interrupted('deadline'));
    expect(tooLate).toHaveBeenCalledWith(7);
  });

  it('ends at an interruption during it, and hands on what comes later', async () => {
    const operation = begin();
    const { promise, resolve } = deferred<number>();
    const tooLate = jest.fn();
    const racing = operation.race(promise, tooLate);
    const cause = new Error('reset');
    operation.interrupt('lost', cause);
    await expect(racing).rejects.toEqual(interrupted('lost'));
    await expect(racing).rejects.toMatchObject({ cause, message: 'interrupted: lost' });
    expect(tooLate).not.toHaveBeenCalled();
    resolve(7);
    await promise;
    expect(tooLate.mock.calls).toEqual([[7]]);
  });

  it('has nothing to hand on of work that fails later', async () => {
    const operation = begin();
    const { promise, reject } = deferred<number>();
    const tooLate = jest.fn();
    const racing = operation.race(promise, tooLate);
    operation.interrupt('aborted');
    reject(new Error('later'));
    await expect(racing).rejects.toBeInstanceOf(Interrupted);
    expect(tooLate).not.toHaveBeenCalled();
  });

  it('is not touched by an interruption after it', async () => {
    const operation = begin();
    const tooLate = jest.fn();
    const result = await operation.race(Promise.resolve(7), tooLate);
    operation.interrupt('deadline');
    expect(result).toBe(7);
    expect(tooLate).not.toHaveBeenCalled();
  });

  it('without anybody to take it lets go of what comes too late', async () => {
    const operation = begin();
    operation.interrupt('closed');
    await expect(operation.race(Promise.resolve(7))).rejects.toEqual(interrupted('closed'));
  });
});

describe('an interruption', () => {
  it('is the first one', async () => {
    const operation = begin();
    operation.interrupt('aborted', 'why');
    operation.interrupt('deadline');
    await expect(operation.race(Promise.resolve())).rejects.toMatchObject({
      interruption: 'aborted',
      cause: 'why',
    });
  });

  it('is heard by everyone who listens, once', async () => {
    const operation = begin();
    const heard: string[] = [];
    for (const name of ['one', 'two', 'three'])
      operation.whenInterrupted(({ interruption }) => heard.push(`${name} ${interruption}`));
    const racing = operation.race(new Promise(() => undefined));
    operation.interrupt('fenced');
    operation.interrupt('lost');
    await expect(racing).rejects.toEqual(interrupted('fenced'));
    expect(heard).toEqual(['one fenced', 'two fenced', 'three fenced']);
  });

  it.each<[Interruption, boolean]>([
    ['lost', true],
    ['fenced', true],
    ['deadline', false],
    ['aborted', false],
    ['closed', false],
  ])('%s: another attempt may be made: %p', async (interruption, canGoOn) => {
    const operation = begin();
    expect(operation.canGoOn).toBe(true);
    operation.interrupt(interruption);
    expect(operation.canGoOn).toBe(canGoOn);
    operation.forgiveLoss();
    const again = operation.race(Promise.resolve('again')).catch((error: Interrupted) => error.interruption);
    expect(await again).toBe(canGoOn ? 'again' : interruption);
  });

  it('that was forgiven does not hide the next one', async () => {
    const operation = begin();
    operation.interrupt('lost');
    operation.forgiveLoss();
    operation.interrupt('deadline');
    await expect(operation.race(Promise.resolve())).rejects.toEqual(interrupted('deadline'));
  });
});

it('whatever is raced in whatever order, each result goes to the caller or to tooLate, and to one of them', async () => {
  const events = fc.array(
    fc.oneof(
      fc.record({ do: fc.constantFrom('resolve' as const, 'reject' as const), which: fc.nat(7) }),
      fc.record({
        do: fc.constantFrom('race' as const, 'interrupt' as const, 'forgive' as const, 'settle' as const),
      }),
    ),
    { maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(events, async (steps) => {
      const operation = begin();
      const works: { work: Deferred<number>; got: string[] }[] = [];
      for (const step of steps) {
        if (step.do === 'race') {
          const race = { work: deferred<number>(), got: [] as string[] };
          works.push(race);
          operation
            .race(race.work.promise, () => race.got.push('too late'))
            .then(
              () => race.got.push('result'),
              (error) => race.got.push(error instanceof Interrupted ? 'interrupted' : 'error'),
            );
        } else if (step.do === 'interrupt') operation.interrupt('lost');
        else if (step.do === 'forgive') operation.forgiveLoss();
        else if (step.do === 'settle') await new Promise(setImmediate);
        else if (step.do === 'resolve') works[step.which]?.work.resolve(step.which);
        else if (step.do === 'reject') works[step.which]?.work.reject(new Error('no'));
      }
      for (const { work } of works) work.resolve(0);
      await new Promise(setImmediate);
      for (const { got } of works) {
        expect([
          ['result'],
          ['error'],
          ['interrupted'],
          ['interrupted', 'too late'],
          ['too late', 'interrupted'],
        ]).toContainEqual(got);
      }
    }),
  );
});
