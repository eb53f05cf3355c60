import { expect, test } from '@jest/globals';
import { compose, withContext } from '@unite/core/next';
import { defineProblems } from '@unite/problem';
import { withProblems } from '@unite/problem/next';
import { settle } from '@unite/shared/testing';
import { type UsageHandlerOptions, usageHandler, withQuota } from '../../src/next';
import { FakeQuota } from '../support/fake-quota';
import { readEvents } from '../support/read-events';

const args = { params: Promise.resolve({}) };
const ask = (headers: Record<string, string> = {}, signal?: AbortSignal) =>
  new Request('https://example.com/api/usage?tenantId=other', { headers, ...(signal && { signal }) });
const stream = { accept: 'text/event-stream' };

function open(options?: UsageHandlerOptions, tenantId: string | undefined = 'acme') {
  const quota = new FakeQuota();
  const handler = usageHandler(quota, options);
  const route = compose(withContext({ identify: () => ({ tenantId }) }), withQuota(quota));
  return { quota, handler, get: route(handler, { quota: false }) };
}

test('answers how the tenant of the context stands', async () => {
  const { get, quota } = open();
  const response = await get(ask(), args);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await response.json()).toMatchObject({
    tenantId: 'acme',
    cost: { totalUsd: '12345678901.23456789' },
  });
  expect(quota.asked).toEqual([]);
});

test('streams what changes, until it is closed', async () => {
  const { get, handler, quota } = open({ pollMs: 5 });
  const response = await get(ask(stream), args);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const events = readEvents(response.body);
  expect((await events.next()).value).toMatchObject({ data: { limits: [{ used: 0 }] } });
  quota.used.set('acme', 2);
  expect((await events.next()).value).toMatchObject({ data: { limits: [{ used: 2 }] } });
  await handler.close();
  expect((await events.next()).done).toBe(true);
});

test('a reader that leaves, and a request that is aborted, leave nothing', async () => {
  const { get, quota, handler } = open({ pollMs: 1, maxViewers: 1 });
  const left = await get(ask(stream), args);
  await left.body?.cancel();
  const client = new AbortController();
  const aborted = await get(ask(stream, client.signal), args);
  const reader = aborted.body?.getReader();
  await reader?.read();
  client.abort();
  expect((await reader?.read())?.done).toBe(true);
  const gone = await get(ask(stream, client.signal), args);
  expect((await gone.body?.getReader().read())?.done).toBe(true);
  await settle();
  const { reads } = quota;
  await settle();
  expect(quota.reads).toBe(reads);
  expect((await get(ask(stream), args)).status).toBe(200);
  expect((await get(ask(stream), args)).status).toBe(503);
  await handler.close();
});

test('without a tenant answers 401, or leaves that to withProblems', async () => {
  const alone = usageHandler(new FakeQuota());
  expect((await alone(ask())).status).toBe(401);
  expect((await alone(ask(stream))).status).toBe(401);
  const problems = defineProblems({ baseUrl: 'https://example.com/errors/', types: {} });
  const route = compose(withContext(), withProblems(problems));
  const response = await route(usageHandler(new FakeQuota(), { onRefused: 'throw' }))(ask(), args);
  expect([response.status, response.headers.get('content-type')]).toEqual([401, 'application/problem+json']);
});

test('says at once which option is wrong', () => {
  expect(() => usageHandler({} as never)).toThrow('usageHandler: option "quota" must be');
  expect(() => usageHandler(new FakeQuota(), { onRefused: 'no' as never })).toThrow("'respond' or 'throw'");
});
