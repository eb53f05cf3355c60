import { expect, test } from '@jest/globals';
import { inSeconds } from '../../../src/testing/hazards/in-seconds';
import { settleWithin } from '../../../src/testing/hazards/settle-within';

test('tells an answer, an error and none from each other', async () => {
  const throwing = (): Promise<never> => {
    throw new Error('at once');
  };
  expect(await settleWithin(async () => 1, 1_000)).toMatchObject({ state: 'answered', value: 1 });
  expect(await settleWithin(throwing, 1_000)).toMatchObject({ state: 'threw', error: new Error('at once') });
  expect(await settleWithin(() => new Promise(() => {}), 10)).toMatchObject({ state: 'waiting' });
});

test('says durations for people', () => {
  expect([12.3, 400, 5_500, 18_012].map(inSeconds)).toEqual(['12 ms', '0.4 s', '5.5 s', '18 s']);
});
