import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, attack, reportAs } from '../support/attack/client';
import { newContact } from '../support/attack/contacts';
import { type Person, signInAll } from '../support/attack/people';
import { weaknesses } from '../support/attack/weaknesses';

reportAs('foreign-ids');

const spellings: readonly ((id: string) => string)[] = [
  (id) => id,
  (id) => id.toUpperCase(),
  (id) => `${id}?tenant=meridian`,
  encodeURIComponent,
];

describe('ids of another workspace', () => {
  let cookies: Record<Person, string>;
  let contact: { id: string };
  let ids: Record<'contacts' | 'campaigns' | 'custom-fields', string>;

  beforeAll(async () => {
    cookies = await signInAll();
    contact = await newContact(cookies.owner, { name: 'Quillon Foreign', company: 'Quillon' });
    const campaign = { name: 'Quillon Foreign', subject: 'Quillon', audience: 'everyone' };
    ids = {
      contacts: contact.id,
      campaigns: await made('/api/campaigns', campaign),
      'custom-fields': await made('/api/custom-fields', { label: 'Quillon', kind: 'text' }),
    };
  });

  async function made(template: string, json: object): Promise<string> {
    const { status, text } = await attack(template, {
      method: 'POST',
      path: template,
      cookie: cookies.owner,
      json,
    });
    expect({ template, status }).toEqual({ template, status: 201 });
    return (JSON.parse(text) as { id: string }).id;
  }

  test.each([
    ['GET', '/api/contacts/[id]', undefined],
    ['PATCH', '/api/contacts/[id]', { name: 'Taken over' }],
    ['PATCH', '/api/contacts/[id]', { name: 'Taken over', version: 1 }],
    ['PATCH', '/api/contacts/[id]', { email: 'taken@over.example' }],
    ['DELETE', '/api/contacts/[id]', undefined],
    ['POST', '/api/contacts/[id]/score', undefined],
    ['GET', '/contacts/[id]', undefined],
    ['GET', '/api/campaigns/[id]', undefined],
    ['POST', '/api/campaigns/[id]/send', undefined],
    ['DELETE', '/api/custom-fields/[id]', undefined],
  ])('%s %s answers as for what is not there, however the id is spelled', async (method, template, json) => {
    const own = ids[/(contacts|campaigns|custom-fields)/.exec(template)?.[0] as keyof typeof ids];
    // Of the same form: what is no id at all is refused before the database is asked.
    const absent = own.startsWith('f_') ? `${own.slice(0, -4)}aaaa` : crypto.randomUUID();
    const missing = await ask(absent);
    expect([missing.status, weaknesses(missing, template)]).toEqual([404, []]);
    for (const spelled of spellings)
      expect(shapeOf(await ask(spelled(own)))).toEqual(shapeOf(await ask(spelled(absent))));

    function ask(id: string): Promise<Answer> {
      const [name = '', query = ''] = id.split('?');
      const path = `${template.replace('[id]', name)}?${query}`;
      return attack(template, { method, path, cookie: cookies.stranger, ...(json && { json }) });
    }
  });

  test('nothing of it has changed, and its own people still see it', async () => {
    const { status, text } = await attack('/api/contacts/[id]', {
      path: `/api/contacts/${contact.id}`,
      cookie: cookies.owner,
    });
    expect([status, JSON.parse(text)]).toEqual([
      200,
      expect.objectContaining({ name: 'Quillon Foreign', version: 1 }),
    ]);
    const campaign = await attack('/api/campaigns/[id]', {
      path: `/api/campaigns/${ids.campaigns}`,
      cookie: cookies.owner,
    });
    expect(JSON.parse(campaign.text)).toMatchObject({ name: 'Quillon Foreign', status: 'draft' });
    const fields = await attack('/api/custom-fields', {
      path: '/api/custom-fields',
      cookie: cookies.owner,
    });
    expect(fields.text).toContain(ids['custom-fields']);
  });

  test('no list, search, page or hot lead of another workspace shows it', async () => {
    await newContact(cookies.owner, { name: 'Quillon Hot', company: 'Quillon', score: 100 });
    const paths = [
      '/api/contacts?q=quillon',
      '/api/contacts?sort=name&pageSize=100',
      '/api/hot-leads?min=90',
      '/contacts?q=quillon',
      '/contacts',
    ];
    for (const path of paths) {
      const { status, text } = await attack(path.split('?')[0] ?? '', { path, cookie: cookies.stranger });
      expect({ path, status }).toEqual({ path, status: 200 });
      // The page says what was searched for.
      expect(text).not.toMatch(/Quillon (Foreign|Hot)/);
    }
  });

  test('the same address in two workspaces is no conflict that would tell of the other', async () => {
    const email = `${crypto.randomUUID()}@both.example`;
    await newContact(cookies.owner, { email });
    await expect(newContact(cookies.stranger, { email })).resolves.toBeDefined();
  });

  test('an Idempotency-Key of another workspace makes a contact of its own', async () => {
    const headers = { 'idempotency-key': `key-${crypto.randomUUID()}` };
    const json = { email: `${crypto.randomUUID()}@once.example` };
    const create = (cookie: string) =>
      attack('/api/contacts', { method: 'POST', path: '/api/contacts', cookie, json, headers });
    const [ours, theirs] = [await create(cookies.owner), await create(cookies.stranger)];
    expect([ours.status, theirs.status]).toEqual([201, 201]);
    expect(JSON.parse(theirs.text).id).not.toBe(JSON.parse(ours.text).id);
  });

  test('a trace of another workspace is not found, by the API and on its page', async () => {
    const asked = await attack('/api/contacts', { path: '/api/contacts', cookie: cookies.owner });
    const traceId = asked.headers.traceresponse?.toString().split('-')[1] ?? '';
    // Spans are sent in batches, which take longer where much was tried before.
    const statuses: number[] = [];
    while (statuses.length < 10 && statuses.at(-1) !== 200) {
      const path = `/api/ops/traces/${traceId}`;
      statuses.push((await attack('/api/ops/traces/[id]', { path, cookie: cookies.owner })).status);
    }
    expect(statuses.at(-1)).toBe(200);
    const read = (id: string) =>
      attack('/api/ops/traces/[id]', { path: `/api/ops/traces/${id}`, cookie: cookies.stranger });
    expect(shapeOf(await read(traceId))).toEqual(shapeOf(await read('0'.repeat(31).concat('1'))));
    const onDashboard = (path: string, cookie: string) =>
      attack('/ops/[[...path]]', { path: `/ops/${path}`, cookie });
    const own = JSON.parse((await onDashboard(`api/traces/${traceId}`, cookies.owner)).text);
    expect(own.trace).toMatchObject({ traceId });
    const foreign = JSON.parse((await onDashboard(`api/traces/${traceId}`, cookies.stranger)).text);
    expect(foreign.trace).toBeUndefined();
    const page = await onDashboard(`traces/${traceId}`, cookies.stranger);
    expect(page.text).not.toContain('GET /api/contacts');
    for (const screen of ['traces', 'requests', 'errors', 'now'])
      expect((await onDashboard(screen, cookies.stranger)).text).not.toContain(traceId);
  });

  test('a consistency token of another person opens nothing', async () => {
    const { headers } = await attack('/api/contacts', { path: '/api/contacts', cookie: cookies.owner });
    const token = headers['x-consistency-token']?.toString() ?? '';
    for (const value of [
      token,
      `${token}x`,
      token.replace(/^\d+\.\d+/, '1.99999999999999999999'),
      'x'.repeat(5_000),
    ]) {
      const { status, text } = await attack('/api/contacts', {
        path: '/api/contacts?q=quillon',
        cookie: `${cookies.stranger}; unite_consistency=${value}`,
        headers: { 'x-consistency-token': value },
      });
      expect([status, text]).toEqual([200, expect.not.stringContaining('Quillon Foreign')]);
    }
  });
});

/** An answer without what differs in all of them: ids and times of the request itself, and how far a replica was. */
function shapeOf({ status, headers, text }: Answer) {
  // `age` is that of the list of fields, which is read in any case: from memory, or anew.
  const names = Object.keys(headers).filter(
    (name) => !['age', 'server-timing', 'set-cookie', 'x-consistency-token'].includes(name),
  );
  const isJson = headers['content-type']?.includes('json');
  const { requestId, traceId, instance, ...rest } = isJson
    ? JSON.parse(text)
    : { requestId: '', traceId: '', instance: '' };
  return { status, names, type: headers['content-type'], body: isJson ? rest : headingOf(text) };
}

function headingOf(html: string): string | undefined {
  return /<h1[^>]*>(.*?)<\/h1>/s.exec(html)?.[1];
}
