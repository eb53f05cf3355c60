import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { ContactScore } from '../lib/scoring/score-types';
import type { UsageDocument } from '../lib/usage/usage-document';
import { type Answer, api, signIn } from './support/api';
import { eventually, here, within } from './support/cache';
import { drill } from './support/drill';
import { atOnce, one, other, scorerIs, setCalls, setContacts, usageOf, usedOf } from './support/quota';

const withRedis = one ? describe : describe.skip;
const statuses = (answers: readonly Answer[], status: number) =>
  answers.filter((answer) => answer.status === status);

withRedis('every call is counted against the plan (needs Redis)', () => {
  test('the answer says what the plan allows and what is left, in either process', async () => {
    const used = usedOf(await usageOf('copperline'), 'apiCallsPerDay');
    const answers = [
      await api('/api/hot-leads', { workspace: 'copperline', origin: one }),
      await api('/api/campaigns', { workspace: 'copperline', origin: other }),
      // A search counts for five.
      await api('/api/contacts?q=kestrel', { workspace: 'copperline', origin: one }),
    ];
    for (const [index, calls] of [1, 2, 7].entries()) {
      const headers = answers[index]?.headers;
      expect(headers?.get('ratelimit-policy')).toBe('"apiCallsPerDay";q=10000;w=86400, "burst";q=100;w=1');
      expect(headers?.get('ratelimit')).toContain(`"apiCallsPerDay";r=${10_000 - used - calls};t=`);
    }
    expect(usedOf(await usageOf('copperline', other), 'apiCallsPerDay')).toBe(used + 7);
  });

  test('a plan without a limit counts all the same', async () => {
    const used = usedOf(await usageOf('meridian'), 'apiCallsPerDay');
    const { headers } = await api('/api/hot-leads', { workspace: 'meridian', origin: one });
    expect(headers.get('ratelimit-policy')).toBe('"burst";q=1000;w=1');
    expect(usedOf(await usageOf('meridian'), 'apiCallsPerDay')).toBe(used + 1);
  });

  test('usage, the registry, health, sign-in and what Next.js fetches ahead cost nothing', async () => {
    const options = { workspace: 'copperline', origin: one };
    const used = usedOf(await usageOf('copperline'), 'apiCallsPerDay');
    const free = [
      await api('/api/usage', options),
      await api('/api/registry', options),
      await api('/api/nowhere', options),
      await api('/health/ready', options),
      await api('/api/session', { ...options, method: 'POST', json: { userId: 'copperline-esra' } }),
      await api('/api/contacts', { ...options, headers: { 'next-router-prefetch': '1' } }),
      await api('/contacts', { ...options, cookie: await signIn('copperline-esra') }),
    ];
    expect(free.map(({ status }) => status)).toEqual([200, 200, 404, 200, 200, 204, 200]);
    expect(free.map(({ headers }) => headers.get('ratelimit'))).toEqual(free.map(() => null));
    expect(usedOf(await usageOf('copperline'), 'apiCallsPerDay')).toBe(used);
  });

  test('whoever is nobody is refused as such, and charged to nobody', async () => {
    const { status, headers } = await api('/api/contacts', { workspace: 'nobody', origin: one });
    expect([status, headers.get('ratelimit')]).toEqual([401, null]);
  });

  test('the last calls of a day are given out once, and a refusal names every limit and the plan that suffices', async () => {
    const workspace = 'lantern';
    await setCalls(workspace, 950);
    expect(usedOf(await usageOf(workspace), 'apiCallsPerDay')).toBe(950);

    const searches = await atOnce(24, '/api/contacts?q=kestrel', () => ({ workspace }));
    expect(statuses(searches, 200)).toHaveLength(10);
    const refused = statuses(searches, 429);
    expect(refused).toHaveLength(14);
    for (const { json, headers } of refused) {
      expect(json).toMatchObject({
        type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
        status: 429,
        'violated-policies': expect.arrayContaining(['apiCallsPerDay']),
        plan: 'free',
        sufficientPlan: 'starter',
        upgradeUrl: expect.stringMatching(/\/usage$/),
      });
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(headers.get('ratelimit')).toMatch(/^"apiCallsPerDay";r=0;t=\d+/);
    }

    const calls = await atOnce(20, '/api/hot-leads', () => ({ workspace }));
    expect(statuses(calls, 429)).toHaveLength(20);
    // What was refused was not charged, and other workspaces notice nothing.
    expect(usedOf(await usageOf(workspace), 'apiCallsPerDay')).toBe(1_000);
    expect((await api('/api/hot-leads', { workspace: 'copperline', origin: one })).status).toBe(200);
  });
});

withRedis('as many contacts and campaigns as the plan holds (needs Redis)', () => {
  const owner = new pg.Pool({ connectionString: process.env.TEST_QUOTA_DATABASE_URL });
  afterAll(() => owner.end());

  test('of those who come at once for the last places, no more get one than there are', async () => {
    await setContacts('copperline', 995);
    const answers = await atOnce(24, '/api/contacts', () => ({
      method: 'POST',
      json: { email: `${crypto.randomUUID()}@last-place.example` },
      workspace: 'copperline',
    }));
    expect(statuses(answers, 201)).toHaveLength(5);
    const refused = statuses(answers, 429);
    expect(refused).toHaveLength(19);
    for (const { json, headers } of refused) {
      expect(json).toMatchObject({
        title: 'Quota exceeded',
        'violated-policies': ['contactsMax'],
        limits: [{ name: 'contactsMax', limit: 1_000, remaining: 0 }],
        plan: 'starter',
        sufficientPlan: 'pro',
      });
      // Waiting does not help.
      expect(headers.get('retry-after')).toBe(null);
    }
    const { rows } = await owner.query(
      "select count(*)::int as count from contacts where tenant_id = 'copperline'",
    );
    expect(rows).toEqual([{ count: 1_000 }]);
  });

  test('a place that is given back can be taken again', async () => {
    const options = { workspace: 'copperline', origin: one };
    const create = () =>
      api('/api/contacts', {
        ...options,
        method: 'POST',
        json: { email: `${crypto.randomUUID()}@again.example` },
      });
    expect((await create()).status).toBe(429);
    const { json } = await api('/api/contacts?pageSize=1', options);
    await api(`/api/contacts/${json.contacts[0]?.id}`, { ...options, method: 'DELETE' });
    expect((await create()).status).toBe(201);
    expect((await create()).status).toBe(429);
  });

  test('the same holds for campaigns', async () => {
    const json = { name: 'Last one', subject: 'There is one place', audience: 'everyone' };
    const left = 50 - usedOf(await usageOf('copperline'), 'campaigns');
    const answers = await atOnce(left + 6, '/api/campaigns', () => ({
      method: 'POST',
      json,
      workspace: 'copperline',
    }));
    expect(statuses(answers, 201)).toHaveLength(left);
    expect(statuses(answers, 429)).toHaveLength(6);
    await eventually(
      '/api/usage',
      { workspace: 'copperline', origin: other },
      ({ text }) => usedOf(JSON.parse(text) as UsageDocument, 'campaigns') === 50,
    );
  });
});

withRedis('scoring by a model (needs Redis)', () => {
  const workspace = 'harbour';
  const options = { workspace, origin: one };
  const tokens = async () => usedOf(await usageOf(workspace), 'aiTokensPerDay');
  const score = (id: string, origin = one) =>
    api(`/api/contacts/${id}/score`, { method: 'POST', workspace, origin });
  const scoreIn = ({ text }: Answer) => JSON.parse(text) as ContactScore;

  afterEach(() => scorerIs({}));

  test('charges what was used, saves the score, and answers the second time for nothing', async () => {
    const contact = await unscored();
    const before = await tokens();
    const first = scoreIn(await score(contact));
    expect(first).toMatchObject({ from: 'model', model: 'unite-demo-scorer' });
    expect(first.charged.tokens).toBeGreaterThan(100);
    expect(first.charged.costUsd).toMatch(/^0\.00\d+$/);
    expect(await tokens()).toBe(before + first.charged.tokens);

    const saved = await api(`/api/contacts/${contact}`, options);
    expect(saved.json.score).toBe(first.score);
    for (const origin of [one, other]) {
      const again = scoreIn(await score(contact, origin));
      expect(again).toMatchObject({ score: first.score, charged: { tokens: 0, costUsd: '0.00' } });
      expect(again.from).toBe(origin === one ? 'memory' : 'redis');
    }
    expect(await tokens()).toBe(before + first.charged.tokens);
  });

  test('two who ask at once pay once', async () => {
    const contact = await unscored();
    const before = await tokens();
    // Long enough that the other comes meanwhile.
    await scorerIs({ delayMs: 2_000 });
    const [first, second] = await Promise.all([score(contact), score(contact)]);
    expect([first?.status, second?.status]).toEqual([200, 200]);
    const charged = [first, second].map((answer) => scoreIn(answer as Answer).charged.tokens);
    expect(charged.toSorted((one, other) => one - other)[0]).toBe(0);
    expect(await tokens()).toBe(before + Math.max(...charged));
  });

  test('who changes what the model is told asks it anew', async () => {
    const contact = await unscored();
    await score(contact);
    await api(`/api/contacts/${contact}`, { ...options, method: 'PATCH', json: { jobTitle: 'Chief Buyer' } });
    await within(
      `/api/contacts/${contact}`,
      { workspace, origin: one },
      ({ json }) => json.jobTitle === 'Chief Buyer',
    );
    expect(scoreIn(await score(contact)).from).toBe('model');
  });

  test('a model that fails costs nothing, and says so', async () => {
    const contact = await unscored();
    const before = await tokens();
    await scorerIs({ status: 500 });
    const { status, json } = await score(contact);
    expect([status, json.type]).toEqual([502, expect.stringMatching(/\/errors\/scoring-failed$/)]);
    expect(await tokens()).toBe(before);
    await scorerIs({});
    expect((await score(contact)).status).toBe(200);
  });

  test('what it costs is in the ledger, by model', async () => {
    const used = await tokens();
    const answer = await eventually('/api/usage', options, ({ text }) => {
      const { cost } = JSON.parse(text) as UsageDocument;
      return Number(cost?.byModel[0]?.amount) === used;
    });
    const { cost } = JSON.parse(answer.text) as UsageDocument;
    expect(cost?.byModel).toMatchObject([{ name: 'unite-demo-scorer' }]);
    expect(Number(cost?.totalUsd)).toBeGreaterThan(0);
  });

  test('a viewer may not, and an installation without a model says that it has none', async () => {
    const contact = await unscored();
    const viewer = await signIn('harbour-luis');
    const refused = await api(`/api/contacts/${contact}/score`, {
      method: 'POST',
      cookie: viewer,
      origin: one,
    });
    expect(refused.status).toBe(403);
    const origin = process.env.TEST_CLOSED_ORIGIN;
    const cookie = await signIn('harbour-imani');
    const { json } = await api('/api/contacts?pageSize=1&page=7', { origin, cookie });
    const without = await api(`/api/contacts/${json.contacts[0]?.id}/score`, {
      method: 'POST',
      origin,
      cookie,
    });
    expect([without.status, without.json.type]).toEqual([501, expect.stringMatching(/scoring-not-set-up$/)]);
  });

  async function unscored(): Promise<string> {
    const json = {
      email: `${crypto.randomUUID()}@score.example`,
      name: crypto.randomUUID(),
      company: 'Quill',
    };
    return (await api('/api/contacts', { ...options, method: 'POST', json })).json.id;
  }
});

withRedis('signing in (needs Redis)', () => {
  const attempt = (userId: string, address: string) =>
    api('/api/session', {
      method: 'POST',
      json: { userId },
      origin: one,
      headers: { 'x-forwarded-for': address },
    });

  test('guesses at a person are slowed down, wherever they come from; the right one costs nothing', async () => {
    for (let time = 0; time < 30; time++)
      expect((await attempt('harbour-imani', '192.0.2.1')).status).toBe(200);
    const { answers, refused } = await guessed((guess) =>
      attempt('nobody-at-all', `198.51.100.${guess % 250}`),
    );
    expect(answers.slice(0, 5).map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    expect(refused.json.detail).toMatch(/^Too many attempts. Try again in \d+ seconds?.$/);
    expect((await attempt('harbour-imani', '192.0.2.1')).status).toBe(200);
  });

  test('guesses from one address are slowed down, whoever they are at', async () => {
    const { answers } = await guessed((guess) => attempt(`somebody-${guess}`, '203.0.113.7'));
    expect(answers.slice(0, 20).every(({ status }) => status === 404)).toBe(true);
    expect((await attempt('harbour-imani', '203.0.113.7')).status).toBe(429);
    expect((await attempt('harbour-imani', '203.0.113.8')).status).toBe(200);
  });

  /** Guesses until more than two seconds are to be waited, which is longer than the next attempt takes to be made. */
  async function guessed(guess: (at: number) => Promise<Answer>) {
    const answers: Answer[] = [];
    for (;;) {
      const answer = await guess(answers.length);
      if (answer.status === 429 && Number(answer.headers.get('retry-after')) > 2)
        return { answers, refused: answer };
      answers.push(answer);
    }
  }
});

withRedis('the stream of usage (needs Redis)', () => {
  test('begins with how it stands, and tells of a call within two seconds', async () => {
    const leaving = new AbortController();
    const response = await fetch(`${one}/api/usage`, {
      headers: { accept: 'text/event-stream', 'x-demo-workspace': 'meridian' },
      signal: leaving.signal,
    });
    expect(response.headers.get('cache-control')).toBe('no-cache, no-transform');
    const documents = documentsOf(response);
    const first = (await documents.next()).value;
    let used = usedOf(first as UsageDocument, 'apiCallsPerDay');
    // Each call comes right after a look. Of a few, since a busy machine may be late with one.
    let soonestMs = Number.POSITIVE_INFINITY;
    for (let calls = 0; calls < 10 && soonestMs >= 2_000; calls += 1) {
      await api('/api/hot-leads', { workspace: 'meridian', origin: other });
      used += 1;
      const startedAtMs = performance.now();
      let isTold = false;
      while (!isTold) {
        const { value, done } = await documents.next();
        if (done) throw new Error('the stream has ended');
        isTold = usedOf(value, 'apiCallsPerDay') === used;
      }
      soonestMs = Math.min(soonestMs, performance.now() - startedAtMs);
    }
    expect(soonestMs).toBeLessThan(2_000);
    leaving.abort();
  });

  test('is nobody’s without a session', async () => {
    const { status } = await api('/api/usage', {
      origin: one,
      workspace: 'nobody',
      headers: { accept: 'text/event-stream' },
    });
    expect(status).toBe(401);
  });
});

withRedis('while Redis does not answer (needs Redis)', () => {
  afterAll(() => drill('redis', 'SIGCONT'));

  test('work goes on, what costs money stops, and all of it is counted in the end', async () => {
    const options = { origin: here, workspace: 'meridian' };
    const { id } = (await api('/api/contacts?pageSize=1', options)).json.contacts[0] ?? {};
    const used = usedOf(await usageOf('meridian', here), 'apiCallsPerDay');
    await drill('redis', 'SIGSTOP');
    for (let call = 0; call < 20; call++) expect((await api('/api/hot-leads', options)).status).toBe(200);
    const scoring = await api(`/api/contacts/${id}/score`, { ...options, method: 'POST' });
    expect([scoring.status, scoring.json.type]).toEqual([
      503,
      expect.stringMatching(/temporary-reduced-capacity$/),
    ]);
    expect(scoring.headers.get('retry-after')).not.toBe(null);
    const page = await api('/usage', { origin: here, cookie: await signIn('meridian-mira') });
    expect([page.status, page.text.includes('The usage cannot be read right now')]).toEqual([200, true]);

    await drill('redis', 'SIGCONT');
    // The twenty, and the call that wanted a score.
    await eventually(
      '/api/usage',
      options,
      ({ status, text }) =>
        status === 200 && usedOf(JSON.parse(text) as UsageDocument, 'apiCallsPerDay') === used + 21,
    );
  });
});

/** The documents of a stream, as they come. */
async function* documentsOf({ body }: Response): AsyncGenerator<UsageDocument> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const [, data] = /^data: (.*)$/m.exec(event) ?? [];
      if (data !== undefined) yield JSON.parse(data) as UsageDocument;
    }
  }
}
