import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { CustomField, CustomFieldList } from '../lib/custom-fields/custom-field-types';
import { type ApiOptions, api, newContact, signIn } from './support/api';

const database = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
const connected = database.connect();
afterAll(() => database.end());

const made: { readonly id: string; readonly workspace: string }[] = [];
afterEach(async () => {
  for (const { id, workspace } of made.splice(0)) await remove(id, workspace);
});

describe('fields that a workspace defines', () => {
  test('of ten people who add one at once, as many succeed as the plan holds, and the others are told the limit', async () => {
    const workspace = 'lantern';
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) => define({ label: `Race ${at}`, kind: 'text' }, workspace)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    for (const { status, json } of answers.filter(({ status }) => status !== 201))
      expect([status, json.type, json]).toEqual([
        429,
        expect.stringMatching(/quota-exceeded$/),
        expect.objectContaining({ sufficientPlan: 'starter' }),
      ]);
    const { fields, limit } = await listOf(workspace);
    expect([fields.length, limit]).toEqual([5, 5]);
  });

  test('values are what their field says, or are refused by the path of the field', async () => {
    const [size, since, tier, note] = await Promise.all([
      field({ label: 'Size', kind: 'number' }),
      field({ label: 'Since', kind: 'date' }),
      field({ label: 'Tier', kind: 'choice', options: ['Gold', 'Silver'] }),
      field({ label: 'Note', kind: 'text' }),
    ]);
    const wrong = {
      [size]: 'many',
      [since]: '2027-02-30',
      [tier]: 'Tin',
      [note]: 'x'.repeat(201),
      f_none: 1,
    };
    const refused = await api('/api/contacts', {
      method: 'POST',
      json: { email: 'a@b.example', custom: wrong },
    });
    expect([refused.status, refused.json.errors.map((error) => error.field).sort()]).toEqual([
      400,
      Object.keys(wrong)
        .map((id) => `custom.${id}`)
        .sort(),
    ]);

    const contact = await newContact({
      custom: { [size]: '12.5', [since]: '2027-01-31', [tier]: 'Gold', [note]: '' },
    });
    expect(contact.custom).toEqual({ [size]: 12.5, [since]: '2027-01-31', [tier]: 'Gold' });
    const changed = await api(`/api/contacts/${contact.id}`, {
      method: 'PATCH',
      json: { custom: { [tier]: null, [note]: '<script>' } },
    });
    expect(changed.json.custom).toEqual({ [size]: 12.5, [since]: '2027-01-31', [note]: '<script>' });
  });

  test('with a field goes every value, which is a change of the contact, and nobody is shown the old one', async () => {
    const id = await field({ label: 'Gone soon', kind: 'text' });
    const contact = await newContact({ custom: { [id]: 'x' } });
    const path = `/api/contacts/${contact.id}`;
    expect((await api(path)).json.custom).toEqual({ [id]: 'x' });
    expect((await listOf('harbour')).fields.find((each) => each.id === id)?.contacts).toBe(1);
    await remove(id, 'harbour');
    expect((await api(path)).json).toMatchObject({ custom: {}, version: 2 });
    // A form that was opened before still has the field.
    const stale = await api(path, { method: 'PATCH', json: { custom: { [id]: 'y' } } });
    expect([stale.status, stale.json.errors[0]?.field]).toEqual([400, `custom.${id}`]);
  });

  test('who saves a value while its field is deleted leaves none behind', async () => {
    const id = await field({ label: 'Torn', kind: 'text' });
    const contacts = await Promise.all(
      Array.from({ length: 6 }, () => newContact({ custom: { [id]: 'a' } })),
    );
    const saves = contacts.map((contact) =>
      api(`/api/contacts/${contact.id}`, { method: 'PATCH', json: { custom: { [id]: 'b' } } }),
    );
    const [, ...answers] = await Promise.all([remove(id, 'harbour'), ...saves]);
    for (const { status } of answers) expect([200, 400]).toContain(status);
    await connected;
    const { rows } = await database.query('select from contacts where jsonb_exists(custom, $1)', [id]);
    expect(rows).toEqual([]);
  });

  test('a label names one field, and none of the columns that every contact has', async () => {
    await field({ label: 'Region', kind: 'text' });
    const twice = await define({ label: 'REGION', kind: 'text' });
    expect([twice.status, twice.json.errors[0]?.field]).toEqual([409, 'label']);
    for (const json of [
      { label: 'email', kind: 'text' },
      { label: 'x', kind: 'choice' },
      { label: 'x', kind: 'text', options: ['y'] },
      { label: 'x', kind: 'choice', options: ['y', 'y'] },
      { label: 'x'.repeat(61), kind: 'text' },
      { label: 'x', kind: 'file' },
    ])
      expect((await define(json)).status).toBe(400);
  });

  test('another workspace’s field is not there, and members define none', async () => {
    const id = await field({ label: 'Ours', kind: 'text' });
    const [theirs, missing] = await Promise.all(
      [id, 'f_000000000000'].map((each) =>
        api(`/api/custom-fields/${each}`, { method: 'DELETE', workspace: 'meridian' }),
      ),
    );
    expect([theirs?.status, theirs?.json.type]).toEqual([404, missing?.json.type]);
    const foreign = await api('/api/contacts', {
      method: 'POST',
      workspace: 'meridian',
      json: { email: 'a@b.example', custom: { [id]: 'x' } },
    });
    expect([foreign.status, foreign.json.errors[0]?.field]).toEqual([400, `custom.${id}`]);
    const cookie = await signIn('harbour-katya');
    expect((await define({ label: 'x', kind: 'text' }, 'harbour', { cookie })).status).toBe(403);
    expect((await api(`/api/custom-fields/${id}`, { method: 'DELETE', cookie })).status).toBe(403);
    expect((await listOf('harbour')).fields.map((each) => each.id)).toContain(id);
  });
});

async function field(json: object): Promise<string> {
  const answer = await define(json);
  expect(answer.status).toBe(201);
  return (JSON.parse(answer.text) as CustomField).id;
}

async function define(json: object, workspace = 'harbour', options: ApiOptions = {}) {
  const answer = await api('/api/custom-fields', { method: 'POST', json, workspace, ...options });
  if (answer.status === 201) made.push({ id: (JSON.parse(answer.text) as CustomField).id, workspace });
  return answer;
}

function remove(id: string, workspace: string) {
  return api(`/api/custom-fields/${id}`, { method: 'DELETE', workspace });
}

async function listOf(workspace: string): Promise<CustomFieldList> {
  return JSON.parse((await api('/api/custom-fields', { workspace })).text) as CustomFieldList;
}
