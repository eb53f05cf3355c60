import { expect, it } from '@jest/globals';
import { Turns } from '../src/turns';
import { deferred } from './deferred';

it('begins at once where nothing runs, and else in the order of asking', async () => {
  const turns = new Turns();
  const begun: string[] = [];
  const first = deferred<string>();
  const take = (name: string, work: Promise<string>) =>
    turns.take(() => {
      begun.push(name);
      return work;
    });
  const one = take('one', first.promise);
  const two = take('two', Promise.reject(new Error('of two')));
  const three = take('three', Promise.resolve('third'));
  expect(begun).toEqual(['one']);
  expect(turns.isIdle).toBe(false);
  first.resolve('first');
  await expect(one).resolves.toBe('first');
  await expect(two).rejects.toThrow('of two');
  await expect(three).resolves.toBe('third');
  expect(begun).toEqual(['one', 'two', 'three']);
  expect(turns.isIdle).toBe(true);
});

it('is idle again for whoever waited, even for a failure', async () => {
  const turns = new Turns();
  await turns.take(() => Promise.reject(new Error('fails'))).catch(() => undefined);
  expect(turns.isIdle).toBe(true);
});
