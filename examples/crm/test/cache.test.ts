import { afterAll, describe, expect, test } from '@jest/globals';
import type { HotLeads } from '../lib/contacts/hot-leads';
import { type Answer, api, newContact, signIn } from './support/api';
import { cookiesOf, eventually, here, sourceOf, there, warmed, within } from './support/cache';
import { drill } from './support/drill';
import { whileHeldBack } from './support/replicas';

const withRedis = here ? describe : describe.skip;

withRedis('two processes over one Redis', () => {
  test('an answer says where it came from, and names no server that was not asked', async () => {
    const list = (origin: string) => api('/api/contacts?pageSize=3', { origin });
    const loaded = await list(here);
    expect(loaded.headers.get('cache-status')).toBe(
      'crm-redis; fwd=miss; detail=contacts, crm-memory; fwd=miss; detail=contacts',
    );
    expect(loaded.headers.get('x-database-node')).toMatch(/role=replica/);
    const remembered = await list(here);
    expect(remembered.headers.get('cache-status')).toMatch(/^crm-memory; hit; ttl=8\d\d; detail=contacts$/);
    const shared = await list(there);
    expect(shared.headers.get('cache-status')).toMatch(
      /^crm-redis; hit; ttl=8\d\d; detail=contacts, crm-memory; fwd=miss$/,
    );
    for (const { headers, json } of [remembered, shared]) {
      expect(headers.get('x-database-node')).toBe(null);
      expect(json).toEqual(loaded.json);
    }
  });

  test('contact 9 changed in one: the other’s lists show it, and another workspace’s stay', async () => {
    const [first, second] = ['/api/contacts', '/api/contacts?sort=name&page=2'];
    const harbour = { origin: there, workspace: 'harbour' };
    const meridian = { origin: there, workspace: 'meridian' };
    const ninth = (await warmed(first, harbour)).json.contacts[8];
    await warmed(second, harbour);
    await warmed(first, meridian);
    const company = `Changed ${crypto.randomUUID()}`;
    const patch = { method: 'PATCH', json: { company }, workspace: 'harbour', origin: here };
    expect((await api(`/api/contacts/${ninth?.id}`, patch)).status).toBe(200);

    const answer = await within(first, harbour, ({ text }) => text.includes(company));
    expect(answer.json.contacts[0]).toMatchObject({ id: ninth?.id, company });
    expect(sourceOf(await api(second, harbour))).not.toBe('memory');
    expect(sourceOf(await api(first, meridian))).toBe('memory');
  });

  test('a contact that is deleted or made is so in the other process', async () => {
    const options = { origin: there, workspace: 'copperline' };
    await warmed('/api/contacts', options);
    const email = `${crypto.randomUUID()}@made.example`;
    const post = { method: 'POST', json: { email }, workspace: 'copperline', origin: here };
    const { id } = (await api('/api/contacts', post)).json;
    await within('/api/contacts', options, ({ text }) => text.includes(email));
    await warmed('/api/contacts', options);
    await warmed(`/api/contacts/${id}`, options);
    await api(`/api/contacts/${id}`, { method: 'DELETE', workspace: 'copperline', origin: here });
    await within('/api/contacts', options, ({ text }) => !text.includes(email));
    await within(`/api/contacts/${id}`, options, ({ status }) => status === 404);
  });

  test('who changed something sees it at once, whichever process is next', async () => {
    const list = '/api/contacts?pageSize=5';
    for (let round = 0; round < 20; round++) {
      await warmed(list, { origin: there, workspace: 'copperline' });
      const email = `${crypto.randomUUID()}@next.example`;
      const post = { method: 'POST', json: { email }, workspace: 'copperline', origin: here };
      const cookies = cookiesOf(await api('/api/contacts', post));
      const next = await api(list, {
        origin: there,
        workspace: 'copperline',
        headers: { cookie: cookies },
      });
      expect(next.json.contacts[0]?.email).toBe(email);
      expect(next.headers.get('cache-status')).toBe('crm-memory; fwd=bypass; detail=own-change');
    }
  });

  test('what is read behind replicas that are held back is never kept as fresh, in neither process', async () => {
    const workspace = 'copperline';
    const list = '/api/contacts?pageSize=6';
    for (const origin of [here, there]) await warmed(list, { origin, workspace });
    const email = `${crypto.randomUUID()}@held-back.example`;
    await whileHeldBack(async () => {
      await api('/api/contacts', { method: 'POST', json: { email }, workspace, origin: here });
      for (const origin of [here, there]) {
        const answer = await within(list, { origin, workspace }, ({ text }) => text.includes(email));
        expect(sourceOf(answer)).not.toBe('memory');
        expect((await warmed(list, { origin, workspace })).json.contacts[0]?.email).toBe(email);
      }
    });
    for (const origin of [here, there]) {
      expect((await api(list, { origin, workspace })).json.contacts[0]?.email).toBe(email);
    }
  });

  test('a change that is refused clears the lists all the same: nobody knows how far it came', async () => {
    const options = { origin: here, workspace: 'harbour' };
    const [one, other] = (await warmed('/api/contacts', options)).json.contacts;
    const refused = await api(`/api/contacts/${one?.id}`, {
      ...options,
      method: 'PATCH',
      json: { email: other?.email },
    });
    expect(refused.status).toBe(409);
    expect(sourceOf(await api('/api/contacts', options))).toBe('database');
  });

  test('a request that is repeated with its idempotency key gives the same contact', async () => {
    const json = { email: `${crypto.randomUUID()}@repeated.example` };
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const post = (origin: string) => api('/api/contacts', { method: 'POST', json, headers, origin });
    const [first, second] = [await post(here), await post(there)];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.json).toEqual(first.json);
  });
});

withRedis('what one may not see', () => {
  test.each(['/api/contacts?pageSize=100', '/api/contacts?pageSize=4&q=e'])(
    'a viewer gets no address that an owner has left in the cache: %s',
    async (path) => {
      const owner = await signIn('harbour-imani');
      const viewer = await signIn('harbour-luis');
      expect((await warmed(path, { origin: here, cookie: owner })).text).toContain('@');
      for (const origin of [here, there, here, there]) {
        const seen = await api(path, { origin, cookie: viewer });
        expect(seen.json.contacts.every(({ email }) => email === null)).toBe(true);
        expect(seen.text).not.toContain('@');
      }
      const after = await warmed(path, { origin: there, cookie: owner });
      expect(after.json.contacts.every(({ email }) => email?.includes('@'))).toBe(true);
    },
  );

  test('what an owner finds by address, a viewer does not find in the cache', async () => {
    const { email } = await newContact({}, 'harbour', here);
    const path = `/api/contacts?${new URLSearchParams({ q: email ?? '' })}`;
    const found = await warmed(path, { origin: here, cookie: await signIn('harbour-imani') });
    expect(found.json.total).toBeGreaterThan(0);
    const viewer = await signIn('harbour-luis');
    for (const origin of [here, there])
      expect((await api(path, { origin, cookie: viewer })).json.total).toBe(0);
  });

  test('a single contact, and the hot leads, show a viewer no address', async () => {
    const { id, email } = await newContact({ score: 100, name: 'Seen By All' }, 'harbour', here);
    const owner = await signIn('harbour-imani');
    const viewer = await signIn('harbour-luis');
    expect((await warmed(`/api/contacts/${id}`, { origin: here, cookie: owner })).json.email).toBe(email);
    for (const origin of [here, there]) {
      expect((await api(`/api/contacts/${id}`, { origin, cookie: viewer })).json.email).toBe(null);
      expect((await api('/api/hot-leads', { origin, cookie: viewer })).text).not.toContain('@');
    }
  });

  test('the same question in another workspace has another answer', async () => {
    const [copperline, meridian] = await Promise.all(
      ['copperline', 'meridian'].map((workspace) => warmed('/api/contacts', { origin: here, workspace })),
    );
    const ids = new Set(copperline?.json.contacts.map(({ id }) => id));
    expect(meridian?.json.contacts.filter(({ id }) => ids.has(id))).toEqual([]);
    const { id } = meridian?.json.contacts[0] ?? {};
    await warmed(`/api/contacts/${id}`, { origin: here, workspace: 'meridian' });
    expect((await api(`/api/contacts/${id}`, { origin: here, workspace: 'copperline' })).status).toBe(404);
  });
});

withRedis('hot leads', () => {
  const workspace = 'copperline';
  const leadsIn = ({ text }: Answer) => (JSON.parse(text) as HotLeads).leads.map(({ id }) => id);
  const contact = async (score: number | null) =>
    (
      await api('/api/contacts', {
        method: 'POST',
        json: { email: `${crypto.randomUUID()}@hot.example`, score },
        workspace,
        origin: here,
      })
    ).json;

  test('are read anew in place when a score changes: nobody waits, in either process', async () => {
    const { id } = await contact(null);
    for (const origin of [here, there]) {
      await warmed('/api/hot-leads?min=90', { origin, workspace });
      await warmed('/api/hot-leads?min=70', { origin, workspace });
    }
    const score = (value: number | null) =>
      api(`/api/contacts/${id}`, { method: 'PATCH', json: { score: value }, workspace, origin: here });

    expect((await score(100)).json.score).toBe(100);
    const now = await api('/api/hot-leads?min=90', { origin: here, workspace });
    expect(sourceOf(now)).toBe('memory');
    expect((JSON.parse(now.text) as HotLeads).leads.some((lead) => lead.score === 100)).toBe(true);
    const before = (JSON.parse(now.text) as HotLeads).total;
    // The other process is handed it by Redis, without asking the database.
    const answer = await within(
      '/api/hot-leads?min=90',
      { origin: there, workspace },
      ({ text }) => (JSON.parse(text) as HotLeads).total === before,
    );
    expect(sourceOf(answer)).not.toBe('database');

    await score(75);
    await within('/api/hot-leads?min=90', { origin: there, workspace }, ({ text }) => {
      return (JSON.parse(text) as HotLeads).total === before - 1;
    });
    await score(null);
    await within(
      '/api/hot-leads?min=70',
      { origin: there, workspace },
      (seen) => !leadsIn(seen).includes(id),
    );
  });

  test('a score below the cut-off leaves the list as it is', async () => {
    const { id } = await contact(null);
    await warmed('/api/hot-leads?min=90', { origin: here, workspace });
    await api(`/api/contacts/${id}`, { method: 'PATCH', json: { score: 85 }, workspace, origin: here });
    const kept = await api('/api/hot-leads?min=90', { origin: here, workspace });
    expect(sourceOf(kept)).toBe('memory');
  });

  test('who leaves the pipeline, or is deleted, is hot no more', async () => {
    const [won, gone] = [await contact(100), await contact(100)];
    const total = async () => {
      const { text } = await api('/api/hot-leads?min=90', { origin: here, workspace });
      return (JSON.parse(text) as HotLeads).total;
    };
    const before = await total();
    const patch = { method: 'PATCH', json: { stage: 'customer' }, workspace, origin: here };
    await api(`/api/contacts/${won.id}`, patch);
    expect(await total()).toBe(before - 1);
    await api(`/api/contacts/${gone.id}`, { method: 'DELETE', workspace, origin: here });
    expect(await total()).toBe(before - 2);
  });

  test('scores out of range, and cut-offs that are none, are refused', async () => {
    for (const score of [-1, 101, 1.5, 'high']) {
      const { status, json } = await api('/api/contacts', {
        method: 'POST',
        json: { email: 'a@b.example', score },
      });
      expect([status, json.errors[0]?.field]).toEqual([400, 'score']);
    }
    const { status, json } = await api('/api/hot-leads?min=75');
    expect([status, json.errors[0]?.message]).toEqual([400, 'Must be one of 70, 80, 90']);
    const viewer = await signIn('harbour-luis');
    const { id } = await newContact();
    const patch = { method: 'PATCH', json: { score: 99 }, cookie: viewer };
    expect((await api(`/api/contacts/${id}`, patch)).status).toBe(403);
  });
});

test('with CRM_CACHE=off every read is one of the database', async () => {
  const list = () => api('/api/contacts', { origin: process.env.TEST_DRILL_ORIGIN });
  for (const { headers } of [await list(), await list()]) {
    expect(headers.get('cache-status')).toBe('crm-memory; fwd=bypass; detail=off');
    expect(headers.get('x-database-node')).not.toBe(null);
  }
});

withRedis('Redis killed while people browse', () => {
  afterAll(() => drill('redis', 'start').catch(() => undefined));

  test('nobody is refused, changes are seen, and both processes agree when it is back', async () => {
    // On the plan that allows as much as two processes can do.
    const cookie = await signIn('meridian-mira');
    const answers: Answer[] = [];
    let isOver = false;
    const browsing = [here, there].flatMap((origin) =>
      ['/contacts', '/api/contacts', '/api/contacts?q=quill', '/api/hot-leads'].map(async (path) => {
        while (!isOver) answers.push(await api(path, { origin, cookie }));
      }),
    );
    const asked = async (more: number) => {
      const enough = answers.length + more;
      while (answers.length < enough) await api('/health/live', { origin: here });
    };
    await asked(40);
    await drill('redis', 'SIGKILL');
    await asked(100);
    await eventually('/health/ready', { origin: here }, ({ text }) =>
      text.includes('"redis":{"status":"down"'),
    );
    const { json: ready, status } = await api('/health/ready', { origin: here });
    expect([status, ready.status]).toEqual([200, 'degraded']);

    const email = `${crypto.randomUUID()}@outage.example`;
    const made = await api('/api/contacts', { method: 'POST', json: { email }, cookie, origin: here });
    expect(made.status).toBe(201);
    expect((await api('/api/contacts', { cookie, origin: here })).text).toContain(email);
    // The other process cannot be told. It trusts what it remembers for as long as the bound, and not longer.
    await within('/api/contacts', { cookie, origin: there }, ({ text }) => text.includes(email));

    await drill('redis', 'start');
    await eventually('/health/ready', { origin: here }, ({ text }) =>
      text.includes('"redis":{"status":"up"'),
    );
    for (const origin of [here, there]) {
      await warmed('/api/contacts', { cookie, origin });
      expect((await api('/api/contacts', { cookie, origin })).text).toContain(email);
    }
    isOver = true;
    await Promise.all(browsing);
    const failed = answers.filter((answer) => answer.status !== 200 || answer.text.includes('UNITE_'));
    expect(failed.map(({ text }) => text)).toEqual([]);
  });
});
