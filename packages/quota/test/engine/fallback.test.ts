import { expect, it, jest } from '@jest/globals';
import { definePlans, quotaLimit } from '../../src';
import type { memoryStore } from '../../src/store/memory-store';

const { memoryStore: make } = jest.requireActual<{ memoryStore: typeof memoryStore }>(
  '../../src/store/memory-store',
);
const made = jest.fn(make);

const plans = definePlans({
  free: { calls: quotaLimit({ of: 'apiCalls', per: 'day', limit: 2, whenStoreFails: { local: 1 } }) },
});

it('takes no room before the first outage, and then once', async () => {
  jest.resetModules();
  jest.doMock('../../src/store/memory-store', () => ({ memoryStore: made }));
  const { oneCall, openRemote } = await import('../support/open-quota');
  const { quota, store } = openRemote({ plans });
  // The store that plays the one on another machine.
  expect(made).toHaveBeenCalledTimes(1);
  expect(await quota.check(oneCall)).toMatchObject({ allowed: true, by: 'store' });
  expect(made).toHaveBeenCalledTimes(1);

  store.fault = () => 'fail';
  for (const allowed of [true, true, false]) {
    expect(await quota.check(oneCall)).toMatchObject({ allowed, by: 'local' });
  }
  expect(made).toHaveBeenCalledTimes(2);
});
