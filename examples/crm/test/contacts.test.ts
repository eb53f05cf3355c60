import { afterAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { api, cookieOf, newContact, signIn } from './support/api';
import { whileHeldBack } from './support/replicas';
import { traceIdOf } from './support/traces';

const owner = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
const connected = owner.connect();
afterAll(() => owner.end());

describe('reading', () => {
  test('rows come from the replicas, from each of them, as the servers themselves say', async () => {
    const ports = new Set<string>();
    const replicaPorts = (process.env.TEST_REPLICA_URLS ?? '').split(',').map((url) => new URL(url).port);
    // Which of two equals is asked is left to chance; that one is never asked in 100 times is not.
    for (let request = 1; request <= 100 && ports.size < replicaPorts.length; request++) {
      // Another list each time: one that was read before comes from memory.
      const { status, headers, json } = await api(`/api/contacts?pageSize=${request}`);
      expect(status).toBe(200);
      expect(json.contacts).toHaveLength(request);
      const [, role, port] = /^\S+; role=(\w+); port=(\d+)$/.exec(headers.get('x-database-node') ?? '') ?? [];
      expect(role).toBe('replica');
      ports.add(port ?? '');
    }
    expect([...ports].sort()).toEqual(replicaPorts.sort());
  });

  test('pages cover every contact once', async () => {
    const ids: string[] = [];
    for (const page of [1, 2, 3, 4]) {
      const { json } = await api(`/api/contacts?pageSize=25&sort=name&page=${page}`, {
        workspace: 'lantern',
      });
      expect(json.total).toBe(93);
      ids.push(...json.contacts.map(({ id }) => id));
    }
    expect(new Set(ids).size).toBe(93);
  });

  test('search finds names and companies by all words, e-mail addresses and phones as a whole, and treats % as a percent sign', async () => {
    const { json } = await api('/api/contacts?q=adaeze+kestrel&pageSize=100');
    expect(json.total).toBeGreaterThan(0);
    for (const { name, company, email } of json.contacts) {
      expect(`${name} ${company} ${email}`).toMatch(/adaeze/i);
      expect(`${name} ${company} ${email}`).toMatch(/kestrel/i);
    }
    expect((await api('/api/contacts?q=%25')).json.total).toBe(0);
    const { id, email, phone } = json.contacts.find((contact) => contact.phone) ?? {};
    for (const written of [email?.toUpperCase(), phone, phone?.replaceAll(' ', '-')]) {
      const found = await api(`/api/contacts?${new URLSearchParams({ q: written ?? '' })}`);
      expect(found.json.contacts.map((contact) => contact.id)).toContain(id);
    }
  });

  test('a workspace sees its own contacts only', async () => {
    const contact = await newContact({}, 'meridian');
    expect((await api(`/api/contacts/${contact.id}`, { workspace: 'meridian' })).status).toBe(200);
    for (const method of ['GET', 'DELETE']) {
      const { status, json } = await api(`/api/contacts/${contact.id}`, { method });
      expect([status, json.type]).toEqual([404, expect.stringMatching(/\/errors\/contact-not-found$/)]);
    }
  });
});

describe('writing', () => {
  test('a contact without an email address is refused with the documented problem', async () => {
    const { status, headers, text, json } = await api('/api/contacts', {
      method: 'POST',
      json: { name: 'Ada' },
    });
    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(text).toBe(
      JSON.stringify({
        type: `${process.env.TEST_ORIGIN}/errors/validation`,
        title: 'Validation Error',
        status: 400,
        detail: 'Email field is required',
        instance: '/api/contacts',
        errors: [{ field: 'email', message: 'Required', pointer: '#/email' }],
        requestId: json.requestId,
        traceId: traceIdOf({ headers }),
      }),
    );
    expect(json.requestId).toBe(headers.get('x-request-id'));
  });

  test('create, read, change, delete', async () => {
    const created = await newContact({ name: 'Test Person', stage: 'qualified' });
    expect(created).toMatchObject({ name: 'Test Person', stage: 'qualified', version: 1 });
    const url = `/api/contacts/${created.id}`;
    const changed = await api(url, { method: 'PATCH', json: { company: 'Changed' } });
    expect(changed.json).toMatchObject({ name: 'Test Person', company: 'Changed', version: 2 });
    const deleted = await api(url, { method: 'DELETE' });
    expect(deleted.status).toBe(204);
    expect((await api(url, { headers: { cookie: cookieOf(deleted, 'unite_consistency') } })).status).toBe(
      404,
    );
  });

  test('the same address twice in a workspace is a conflict, in another it is not', async () => {
    const { email } = await newContact();
    const json = { email: email?.toUpperCase() };
    const { status, json: problem } = await api('/api/contacts', { method: 'POST', json });
    expect([status, problem.errors[0]?.field]).toEqual([409, 'email']);
    expect((await api('/api/contacts', { method: 'POST', json, workspace: 'copperline' })).status).toBe(201);
  });

  test('of two people who save the same version, one is told; nothing is lost', async () => {
    const { id } = await newContact();
    const save = (company: string) =>
      api(`/api/contacts/${id}`, { method: 'PATCH', json: { company }, headers: { 'if-match': '"1"' } });
    // Both are held at the row until both have come that far, so that they truly meet.
    await connected;
    await owner.query('begin');
    await owner.query('select from contacts where id = $1 for update', [id]);
    const saves = [save('First'), save('Second')];
    await untilWaiting(saves.length);
    await owner.query('commit');
    const answers = await Promise.all(saves);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    const winner = answers.find(({ status }) => status === 200)?.json;
    const { rows } = await owner.query('select company, version from contacts where id = $1', [id]);
    expect(rows).toEqual([{ company: winner?.company, version: 2 }]);
  });

  test('who wrote reads the write from a replica, at once', async () => {
    let fromReplica = 0;
    for (let round = 0; round < 20; round++) {
      const email = `${crypto.randomUUID()}@at-once.example`;
      const created = await api('/api/contacts', { method: 'POST', json: { email } });
      expect(created.headers.get('x-database-node')).toMatch(/role=primary/);
      const cookie = { cookie: cookieOf(created, 'unite_consistency') };
      const mine = await api(`/api/contacts/${created.json.id}`, { headers: cookie });
      expect([mine.status, mine.json.email]).toEqual([200, email]);
      if (mine.headers.get('x-database-node')?.includes('role=replica')) fromReplica += 1;
    }
    expect(fromReplica).toBeGreaterThan(0);
  });

  test('a request sent again with its idempotency key makes no second contact', async () => {
    const json = { email: `${crypto.randomUUID()}@once.example` };
    const headers = { 'idempotency-key': `"${crypto.randomUUID()}"` };
    const post = (options: object = {}) =>
      api('/api/contacts', { method: 'POST', json, headers, ...options });
    const [first, second] = await Promise.all([post(), post()]);
    const third = await post();
    expect([first.status, second.status, third.status]).toEqual([201, 201, 201]);
    expect(new Set([first, second, third].map(({ json: { id } }) => id)).size).toBe(1);
    expect(third.json).toEqual(first.json);

    const other = await post({ json: { email: `${crypto.randomUUID()}@once.example` } });
    expect([other.status, other.json.type]).toEqual([422, expect.stringMatching(/idempotency-key-reused$/)]);
    // Another workspace may use the same key.
    const elsewhere = await post({ workspace: 'copperline' });
    expect(elsewhere.status).toBe(201);
    expect(elsewhere.json.id).not.toBe(first.json.id);
    expect((await post({ headers: { 'idempotency-key': 'x'.repeat(201) } })).status).toBe(400);
  });

  test('what is kept with an idempotency key tells nothing about the person', async () => {
    const email = `${crypto.randomUUID()}@kept.example`;
    await api('/api/contacts', {
      method: 'POST',
      json: { email },
      headers: { 'idempotency-key': crypto.randomUUID() },
    });
    await connected;
    const { rows } = await owner.query('select key, result from unite_idempotency');
    expect(rows.length).toBeGreaterThan(0);
    for (const { key, result } of rows) {
      expect(key).toMatch(/^[a-z]+:(contact|campaign|send|import):/);
      expect(['fingerprint', 'id', 'outcomes']).toEqual(expect.arrayContaining(Object.keys(result)));
      expect(JSON.stringify(result)).not.toContain('@');
    }
  });

  test('who wrote reads the write, though the replicas are held back; so does everybody else, and old lists do not come back', async () => {
    await whileHeldBack(async () => {
      expect((await api('/api/contacts?pageSize=2')).status).toBe(200);
      const email = `${crypto.randomUUID()}@paused.example`;
      const created = await api('/api/contacts', { method: 'POST', json: { email } });
      const url = `/api/contacts/${created.json.id}`;
      const mine = await api(url, { headers: { cookie: cookieOf(created, 'unite_consistency') } });
      expect(mine.status).toBe(200);
      expect(mine.headers.get('x-database-node')).toMatch(/role=primary.*no replica has seen your change/);
      // Whoever comes without the cookie is sent past the replicas too: the change told the cache where it ends.
      expect((await api(url)).json.email).toBe(email);
      const list = await api('/api/contacts?pageSize=2');
      expect(list.json.contacts[0]?.email).toBe(email);
      expect(list.headers.get('x-database-node')).toMatch(/role=primary/);
      const again = await api('/api/contacts?pageSize=2');
      expect([again.headers.get('cache-status'), again.json]).toEqual([
        expect.stringMatching(/^crm-memory; hit/),
        list.json,
      ]);
    });
  });
});

describe('roles', () => {
  test('a viewer gets no email address and no phone, cannot find one by searching, and changes nothing', async () => {
    const cookie = await signIn('harbour-luis');
    const { json } = await api('/api/contacts?pageSize=100', { cookie });
    expect(json.contacts.every(({ email, phone }) => email === null && phone === null)).toBe(true);
    const { email, phone } =
      (await api('/api/contacts?pageSize=100')).json.contacts.find((one) => one.phone) ?? {};
    for (const q of [email ?? '', phone ?? '']) {
      const search = `/api/contacts?${new URLSearchParams({ q })}`;
      expect((await api(search, { cookie })).json.total).toBe(0);
      expect((await api(search)).json.total).toBeGreaterThan(0);
    }
    const id = json.contacts[0]?.id;
    for (const [path, method] of [
      ['/api/contacts', 'POST'],
      [`/api/contacts/${id}`, 'PATCH'],
      [`/api/contacts/${id}`, 'DELETE'],
    ] as const) {
      const body = method === 'DELETE' ? {} : { json: { email: 'a@b.example' } };
      expect((await api(path, { method, cookie, ...body })).status).toBe(403);
    }
  });

  test('a session cookie that was altered is nobody', async () => {
    const cookie = await signIn('harbour-luis');
    const altered = cookie.slice(0, -3) + (cookie.at(-3) === 'A' ? 'B' : 'A') + cookie.slice(-2);
    const { headers } = await api('/contacts', { cookie: altered });
    expect(headers.get('location')).toBe('/?returnTo=%2Fcontacts');
  });
});

/** Until this many of the application's statements wait for a row's lock. */
async function untilWaiting(count: number): Promise<void> {
  for (;;) {
    // A transaction sees the activity as it was when it first looked.
    await owner.query('select pg_stat_clear_snapshot()');
    const { rows } = await owner.query(
      "select count(*)::int as waiting from pg_stat_activity where usename = 'crm_app' and wait_event_type = 'Lock'",
    );
    if (rows[0].waiting >= count) return;
  }
}
