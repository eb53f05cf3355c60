import { beforeEach, expect, jest, test } from '@jest/globals';
import { createContext, currentContext, runWithContext } from '../../src/context';

beforeEach(() => {
  jest.resetModules();
});

const pageContextUnder = (route: string | undefined) => {
  const workAsyncStorage = { getStore: () => ({ route }) };
  jest.doMock('next/dist/server/app-render/work-async-storage.external.js', () => ({ workAsyncStorage }));
  return (require('../../src/next') as typeof import('../../src/next')).pageContext;
};

test('all work of one request shares one record, and the next request gets its own', async () => {
  const identify = jest.fn(() => ({ tenantId: 'acme' }));
  let incoming = new Headers({ 'x-request-id': 'req-1' });
  const pageContext = pageContextUnder('/(app)/contacts/page');
  const page = pageContext({ headers: async () => incoming, identify, release: 'r1' });
  const [layout, body] = await Promise.all([page(currentContext), page(async () => currentContext())]);
  expect(layout).toBe(body);
  expect(layout).toMatchObject({
    requestId: 'req-1',
    tenantId: 'acme',
    route: 'GET /contacts',
    release: 'r1',
  });
  expect(identify).toHaveBeenCalledTimes(1);
  incoming = new Headers({ 'x-request-id': 'req-1' });
  expect(await page(currentContext)).not.toBe(layout);
});

test('works without a route name and inside a context that is there already', async () => {
  const page = pageContextUnder(undefined)({ headers: async () => new Headers() });
  expect((await page(currentContext))?.route).toBeUndefined();
  const outer = createContext();
  expect(await runWithContext(outer, () => page(currentContext))).toBe(outer);
});

test('a failing identify fails the work', async () => {
  const identify = () => Promise.reject(new Error('down'));
  const work = jest.fn();
  const page = pageContextUnder(undefined)({ headers: async () => new Headers(), identify });
  await expect(page(work)).rejects.toThrow('down');
  expect(work).not.toHaveBeenCalled();
});

test.each([
  [{}, 'pageContext: option "headers" must be a function, got undefined'],
  [{ headers: new Headers() }, 'pageContext: option "headers" must be a function, got an object'],
  [{ headers: async () => new Headers(), timeoutMs: 1 }, 'pageContext: unknown option "timeoutMs"'],
])('refuses %p', (options, message) => {
  expect(() => pageContextUnder(undefined)(options as never)).toThrow(message);
});
