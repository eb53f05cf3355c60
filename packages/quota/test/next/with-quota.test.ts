import { describe, expect, jest, test } from '@jest/globals';
import { ContextError, compose, withContext } from '@unite/core/next';
import { defineProblems } from '@unite/problem';
import { withProblems } from '@unite/problem/next';
import { settle } from '@unite/shared/testing';
import { QuotaError } from '../../src/errors';
import { type QuotaRouteOptions, withQuota } from '../../src/next';
import { outageProblem } from '../../src/response/quota-problem';
import { FakeQuota } from '../support/fake-quota';
import { parseFields } from '../support/structured-fields';
import { gate, until } from '../support/turns';

const problems = defineProblems({ baseUrl: 'https://example.com/errors/', types: {} });
const args = { params: Promise.resolve({}) };
const identify = () => ({ tenantId: 'acme', plan: 'free' });
const ask = (method = 'GET', headers: Record<string, string> = {}) =>
  new Request('https://example.com/api/x', { method, headers });

/** A route of an application that has the context and this package. */
function alone(quota: FakeQuota, defaults?: QuotaRouteOptions) {
  return compose(withContext({ identify }), withQuota(quota, defaults));
}

describe('withQuota', () => {
  test('charges a call, and tells on the response how the client stands', async () => {
    const quota = new FakeQuota();
    const body = new ReadableStream();
    const handled = new Response(body, { status: 201, headers: { 'x-own': 'kept' } });
    const response = await alone(quota)(() => handled)(ask(), args);
    expect(response.status).toBe(201);
    expect(response.body).toBe(body);
    expect(response.headers.get('x-own')).toBe('kept');
    expect(parseFields(response.headers.get('ratelimit'))).toEqual([
      { name: 'apiCallsPerDay', r: 999, t: 43_200 },
    ]);
    expect(quota.asked).toMatchObject([{ use: { apiCalls: 1 } }]);
  });

  test('a response whose headers cannot be changed is copied, cookies and all', async () => {
    const quota = new FakeQuota();
    const response = await alone(quota)(() => Response.redirect('https://example.com/y', 303))(ask(), args);
    expect([response.status, response.headers.get('location')]).toEqual([303, 'https://example.com/y']);
    expect(response.headers.get('ratelimit')).toContain('apiCallsPerDay');
  });

  test('a route says for itself what it uses, or that it is not metered', async () => {
    const quota = new FakeQuota();
    const route = alone(quota, { use: { apiCalls: 2 } });
    const handler = () => new Response();
    await route(handler)(ask(), args);
    await route(handler, { quota: { use: { apiCalls: 50 } } })(ask(), args);
    const free = await route(handler, { quota: false })(ask(), args);
    expect(quota.asked.map(({ use }) => use)).toEqual([{ apiCalls: 2 }, { apiCalls: 50 }]);
    expect(free.headers.has('ratelimit')).toBe(false);
  });

  test('HEAD is charged as GET, and OPTIONS is free', async () => {
    const quota = new FakeQuota();
    const route = alone(quota)(() => new Response());
    await route(ask('OPTIONS'), args);
    expect(quota.asked).toHaveLength(0);
    await route(ask('HEAD'), args);
    expect(quota.asked).toHaveLength(1);
  });

  test.each(['next-router-prefetch', 'next-router-segment-prefetch'])(
    'what is fetched ahead (%s) is not metered, and gets nothing for free',
    async (name) => {
      const quota = new FakeQuota();
      const handler = jest.fn(() => new Response('data'));
      const route = alone(quota)(handler);
      const response = await route(ask('GET', { [name]: '1' }), args);
      expect([response.status, await response.text()]).toEqual([204, '']);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(quota.asked).toEqual([]);
      expect(handler).not.toHaveBeenCalled();
      await route(ask('POST', { [name]: '1' }), args);
      expect(quota.asked).toHaveLength(1);
    },
  );

  describe('a refusal', () => {
    test('is answered as a problem document by itself', async () => {
      const quota = new FakeQuota();
      quota.callsPerDay = 0;
      const response = await withQuota(quota, { tenantId: () => 'acme', plan: () => 'free' })(
        () => new Response(),
        undefined,
      )(ask(), args);
      expect(response.status).toBe(429);
      expect(Object.fromEntries(response.headers)).toEqual({
        'cache-control': 'no-store',
        'content-type': 'application/problem+json',
        ratelimit: '"apiCallsPerDay";r=0;t=43200',
        'ratelimit-policy': '"apiCallsPerDay";q=0;w=86400',
        'retry-after': '43200',
      });
      const document = await response.text();
      expect(JSON.parse(document)).toMatchObject({
        type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
        status: 429,
        'violated-policies': ['apiCallsPerDay'],
        sufficientPlan: 'pro',
        upgradeUrl: 'https://example.com/plans',
      });
      expect(document).not.toContain('acme');
    });

    test.each(['respond', 'throw'] as const)('inside withProblems (%s) is the same', async (onRefused) => {
      const quota = new FakeQuota();
      quota.callsPerDay = 0;
      const route = compose(
        withContext({ identify }),
        withProblems(problems),
        withQuota(quota, { onRefused }),
      );
      const response = await route(() => new Response())(ask(), args);
      expect(response.status).toBe(429);
      expect(response.headers.get('retry-after')).toBe('43200');
      expect(response.headers.get('ratelimit')).toBe('"apiCallsPerDay";r=0;t=43200');
      const document = (await response.json()) as Record<string, unknown>;
      expect(document).toMatchObject({ 'violated-policies': ['apiCallsPerDay'], plan: 'free' });
      // What only the registry knows.
      expect('requestId' in document || 'instance' in document).toBe(onRefused === 'throw');
    });

    test('is thrown where nothing stands outside and it was asked for', async () => {
      const quota = new FakeQuota();
      quota.callsPerDay = 0;
      const answer = alone(quota, { onRefused: 'throw' })(() => new Response())(ask(), args);
      await expect(answer).rejects.toMatchObject({ code: 'UNITE_QUOTA_EXCEEDED', status: 429 });
    });
  });

  test('an outage is 503; bad input of a client 400; a mistake of the application is thrown', async () => {
    const quota = new FakeQuota();
    const route = alone(quota, { idempotency: 'header' })(() => new Response());
    const bad = await route(ask('POST', { 'idempotency-key': 'a b' }), args);
    expect(bad.status).toBe(400);
    quota.failure = new QuotaError('UNITE_QUOTA_UNAVAILABLE', 'no', { problem: outageProblem() });
    const outage = await route(ask(), args);
    expect([outage.status, outage.headers.get('retry-after')]).toEqual([503, '1']);
    quota.failure = new QuotaError('UNITE_QUOTA_PLAN_UNKNOWN', 'no');
    await expect(route(ask(), args)).rejects.toBe(quota.failure);
    quota.failure = new TypeError('no');
    await expect(route(ask(), args)).rejects.toBe(quota.failure);
  });

  test('whoever could not be identified is told why, not that there is no tenant', async () => {
    const quota = new FakeQuota();
    const failure = new ContextError('UNITE_CONTEXT_IDENTITY_REFUSED' as never, 'no session');
    const route = compose(
      withContext({
        identify: () => {
          throw failure;
        },
      }),
      withQuota(quota),
    );
    const handler = jest.fn(() => new Response());
    await expect(route(handler)(ask(), args)).rejects.toBe(failure);
    expect(handler).not.toHaveBeenCalled();
  });

  test('what the handler throws goes on', async () => {
    const error = new Error('NEXT_REDIRECT');
    const answer = alone(new FakeQuota())(() => Promise.reject(error))(ask(), args);
    await expect(answer).rejects.toBe(error);
  });

  describe('a place of a concurrency limit', () => {
    const use = { apiCalls: 1, exports: 1 };
    const open = (handler: () => Response | Promise<Response>) => {
      const quota = new FakeQuota();
      return { quota, answer: () => alone(quota, { use })(handler)(ask(), args) };
    };

    test('is kept until the body has been read', async () => {
      const last = gate();
      const { quota, answer } = open(
        () =>
          new Response(
            new ReadableStream({
              async start(controller) {
                controller.enqueue(new TextEncoder().encode('a'));
                await last.opened;
                controller.enqueue(new TextEncoder().encode('b'));
                controller.close();
              },
            }),
            { headers: { 'set-cookie': 'a=1' } },
          ),
      );
      const response = await answer();
      expect(response.headers.getSetCookie()).toEqual(['a=1']);
      expect((await answer()).status).toBe(429);
      const text = response.text();
      expect(quota.taken).toBe(1);
      last.open();
      expect(await text).toBe('ab');
      expect([quota.taken, quota.settled]).toEqual([0, 1]);
    });

    test('is free at once where there is no body, and where the handler throws', async () => {
      const empty = open(() => new Response(null, { status: 204 }));
      expect((await empty.answer()).status).toBe(204);
      expect(empty.quota.settled).toBe(1);
      const failing = open(() => Promise.reject(new Error('no')));
      await expect(failing.answer()).rejects.toThrow('no');
      expect(failing.quota.settled).toBe(1);
    });

    test('is free where the body fails, and where nobody reads it on', async () => {
      const broken = open(
        () => new Response(new ReadableStream({ pull: (controller) => controller.error(new Error('cut')) })),
      );
      await expect((await broken.answer()).text()).rejects.toThrow('cut');
      expect(broken.quota.settled).toBe(1);
      const cancel = jest.fn<(reason: unknown) => void>();
      const left = open(() => new Response(new ReadableStream({ cancel })));
      await (await left.answer()).body?.cancel('gone');
      await until(() => left.quota.settled === 1);
      expect(cancel).toHaveBeenCalledWith('gone');
    });

    test('is settled once when nobody waits for what was asked for', async () => {
      const { quota, answer } = open(() => new Response(new ReadableStream()));
      const reader = (await answer()).body?.getReader();
      const asked = reader?.read();
      await reader?.cancel();
      expect((await asked)?.done).toBe(true);
      await settle();
      expect(quota.settled).toBe(1);
    });

    test('leaves the source alone until it is read', async () => {
      let pulled = 0;
      const { answer } = open(
        () =>
          new Response(
            new ReadableStream(
              {
                pull(controller) {
                  pulled++;
                  controller.enqueue(new Uint8Array(1));
                },
              },
              { highWaterMark: 0 },
            ),
          ),
      );
      const reader = (await answer()).body?.getReader();
      await new Promise(setImmediate);
      expect(pulled).toBe(0);
      await reader?.read();
      expect(pulled).toBe(1);
      await reader?.cancel();
    });
  });

  test('says at once which option is wrong', () => {
    const quota = new FakeQuota();
    expect(() => withQuota({} as never)).toThrow('withQuota: option "quota" must be');
    expect(() => withQuota(quota, { onRefused: 'no' as never })).toThrow("must be 'respond' or 'throw'");
    expect(() => alone(quota)(() => new Response(), { quota: { use: 1 as never } })).toThrow('option "use"');
  });
});
