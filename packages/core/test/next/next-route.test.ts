import { afterEach, expect, jest, test } from '@jest/globals';

const internals = 'next/dist/server/app-render/work-async-storage.external.js';

afterEach(() => {
  jest.resetModules();
});

const nextRouteWith = async (factory: () => unknown) => {
  jest.doMock(internals, factory);
  const { nextRoute } = require('../../src/next/next-route') as typeof import('../../src/next/next-route');
  return await nextRoute();
};

test.each([
  ['the route', () => ({ workAsyncStorage: { getStore: () => ({ route: '/x/page' }) } }), '/x/page'],
  ['nothing outside of a request', () => ({ workAsyncStorage: { getStore: () => undefined } }), undefined],
  [
    'nothing when Next calls it otherwise',
    () => ({ workAsyncStorage: { getStore: () => ({ route: 7 }) } }),
    undefined,
  ],
  ['nothing when Next moved it', () => ({}), undefined],
  [
    'nothing without Next',
    () => {
      throw new Error('Cannot find module');
    },
    undefined,
  ],
])('gives %s', async (_what, factory, route) => {
  expect(await nextRouteWith(factory)).toBe(route);
});
