import { expect, test } from '@jest/globals';
import type { ErrorEvent } from '../../src/capture/capture-types';
import { createEventStore } from '../../src/store';

const event = (id: string) => ({ id }) as ErrorEvent;

test('keeps the last errors, the newest first, and finds them by id', async () => {
  const store = createEventStore({ maxEvents: 2 });
  for (const id of ['a', 'b', 'c']) store.error?.(event(id));
  expect(store.events().map(({ id }) => id)).toEqual(['c', 'b']);
  expect([store.event('c')?.id, store.event('a')]).toEqual(['c', undefined]);
  await store.flush();
  await store.close();
  expect(store.stats()).toEqual({ accepted: 3, sent: 3, queued: 0, dropped: {} });
});

test('keeps the last deployments', () => {
  const store = createEventStore({ maxDeployments: 1 });
  const service = { name: 'crm' };
  for (const id of ['d1', 'd2']) store.deployment?.({ id }, service);
  expect(store.deployments()).toEqual([{ id: 'd2' }]);
});

test('names an option that is malformed', () => {
  expect(() => createEventStore({ maxEvents: 0 })).toThrow(
    'createEventStore: option "maxEvents" must be a whole number of at least 1, got 0',
  );
});
