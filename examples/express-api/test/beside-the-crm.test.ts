import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { span, startTracing, type Tracing } from '@unite/tracing';
import { otlp } from '@unite/tracing/exporters';
import { api, newContact } from '../../crm/test/support/api';
import { cookiesOf, sourceOf, within } from '../../crm/test/support/cache';
import { setCalls, usageOf, usedOf } from '../../crm/test/support/quota';
import { whileHeldBack } from '../../crm/test/support/replicas';
import { receivedTrace } from '../../crm/test/support/traces';

const crm = process.env.TEST_CRM_ORIGIN ?? '';
const express = process.env.TEST_ORIGIN ?? '';
const withRedis = process.env.TEST_QUOTA_REDIS_URL ? describe : describe.skip;

withRedis('the API and the CRM over one Redis (needs Redis)', () => {
  test('what one has read from the database, the other serves from the cache', async () => {
    const query = '?sort=company&pageSize=4';
    const loaded = await api(`/api/v1/contacts${query}`, { origin: express });
    expect(sourceOf(loaded)).toBe('database');
    const shared = await api(`/api/contacts${query}`, { origin: crm });
    expect([sourceOf(shared), shared.json]).toEqual(['redis', loaded.json]);

    const { id } = await newContact({}, 'harbour', crm);
    await api(`/api/contacts/${id}`, { origin: crm });
    expect(sourceOf(await api(`/api/v1/contacts/${id}`, { origin: express }))).toBe('redis');
  });

  test('a change in one shows in the other, whichever it was', async () => {
    const there = await newContact({}, 'copperline', crm);
    const inCopperline = { workspace: 'copperline' };
    await within('/api/v1/contacts', { ...inCopperline, origin: express }, ({ text }) =>
      text.includes(there.id),
    );
    const email = `${crypto.randomUUID()}@made.example`;
    const post = { ...inCopperline, origin: express, method: 'POST', json: { email } };
    expect((await api('/api/v1/contacts', post)).status).toBe(201);
    await within('/api/contacts', { ...inCopperline, origin: crm }, ({ text }) => text.includes(email));

    const path = `/api/v1/contacts/${there.id}`;
    await within(path, { ...inCopperline, origin: express }, (answer) => sourceOf(answer) === 'memory');
    const company = `Changed ${crypto.randomUUID()}`;
    const patch = { ...inCopperline, origin: crm, method: 'PATCH', json: { company } };
    await api(`/api/contacts/${there.id}`, patch);
    await within(path, { ...inCopperline, origin: express }, ({ json }) => json.company === company);
  });

  test('calls are counted together, and the last of a day is given out by either', async () => {
    const workspace = 'lantern';
    await setCalls(workspace, 997);
    const calls = [
      await api('/api/v1/contacts', { origin: express, workspace }),
      await api('/api/contacts', { origin: crm, workspace }),
      await api('/api/v1/hot-leads', { origin: express, workspace }),
    ];
    expect(calls.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(
      calls.map(({ headers }) => /"apiCallsPerDay";r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]),
    ).toEqual(['2', '1', '0']);
    const refused = await api('/api/v1/contacts', { origin: express, workspace });
    expect(refused.json).toMatchObject({
      status: 429,
      'violated-policies': ['apiCallsPerDay'],
      upgradeUrl: `${crm}/usage`,
    });
    expect(usedOf(JSON.parse((await api('/api/v1/usage', { workspace })).text), 'contacts')).toBe(
      usedOf(await usageOf(workspace, crm), 'contacts'),
    );
  });
});

test('who has just saved in the CRM reads it here, though no replica has heard of it', async () => {
  await whileHeldBack(async () => {
    const email = `${crypto.randomUUID()}@made.example`;
    const saved = await api('/api/contacts', { origin: crm, method: 'POST', json: { email } });
    const headers = { 'x-demo-workspace': 'harbour' };
    const options = { origin: express, cookie: cookiesOf(saved), headers };
    const read = await api(`/api/v1/contacts/${saved.json.id}`, options);
    expect([read.json.email, read.headers.get('x-database-node')]).toEqual([
      email,
      expect.stringContaining('role=primary'),
    ]);
  });
});

describe('a trace', () => {
  let tracing: Tracing;
  const receiver = () => JSON.parse(process.env.TEST_ENV ?? '{}') as Record<string, string>;
  beforeAll(() => {
    tracing = startTracing({
      service: { name: 'caller' },
      exporters: [otlp({ url: receiver().OTLP_TRACES_URL ?? '' })],
    });
  });
  afterAll(() => tracing.close());

  const traceIdsOf = async (headers: Readonly<Record<string, string>>) => {
    let own = '';
    const answer = await span('a page of ours', {}, (active) => {
      own = active.spanContext().traceId;
      // What sees fetch sends `traceparent` along.
      return api('/api/v1/contacts', { headers });
    });
    return { own, theirs: answer.headers.get('traceresponse')?.split('-')[1] ?? '' };
  };

  test('that began in a program of ours goes on here, to the database', async () => {
    const { own, theirs } = await traceIdsOf({ 'x-internal-key': receiver().INTERNAL_KEY ?? '' });
    expect(theirs).toBe(own);
    const spans = await receivedTrace(own, (all) => new Set(all.map(({ service }) => service)).size === 2);
    const [served] = spans.filter(({ name }) => name === 'GET /api/v1/contacts');
    const asked = spans.find(({ spanId }) => spanId === served?.parentSpanId);
    expect([served?.service, asked?.service]).toEqual(['crm-api', 'caller']);
  });

  test('that somebody else claims does not', async () => {
    for (const headers of [{}, { 'x-internal-key': 'a guess, as long as the key is, but wrong.' }]) {
      const { own, theirs } = await traceIdsOf(headers);
      expect([theirs.length, theirs === own]).toEqual([32, false]);
    }
  });
});
