import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, expect, jest, test } from '@jest/globals';
import { outsideOfRequests } from '../src';

afterEach(() => {
  jest.restoreAllMocks();
});

test('runs work in the context in which it was made', () => {
  const request = new AsyncLocalStorage<string>();
  const run = outsideOfRequests();
  expect(request.run('the first', () => run(() => [request.getStore(), 'done']))).toEqual([
    undefined,
    'done',
  ]);
});

test('just runs it on a platform without asynchronous contexts', () => {
  jest.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
  expect(outsideOfRequests()(() => 'done')).toBe('done');
});
