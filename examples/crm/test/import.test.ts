import { afterAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { ImportReport, RowOutcome } from '../lib/contacts/import/import-types';
import type { CustomField } from '../lib/custom-fields/custom-field-types';
import { type ApiOptions, api, newContact, signIn } from './support/api';

/** So that what this file makes is found again, and taken away. */
const domain = `${crypto.randomUUID()}.import.example`;

const database = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
const connected = database.connect();
afterAll(async () => {
  await connected;
  await database.query('delete from contacts where company = $1', [domain]);
  await database.end();
  // What is cached of them goes with the next change.
  for (const workspace of ['harbour', 'lantern', 'meridian']) {
    const email = `last@${domain}`;
    await api('/api/contacts', { method: 'POST', json: { email }, workspace }).then(({ json: { id } }) =>
      api(`/api/contacts/${id}`, { method: 'DELETE', workspace }),
    );
  }
});

describe('an import', () => {
  test('says of every row what became of it: first only so, then in fact', async () => {
    const tier = await api('/api/custom-fields', {
      method: 'POST',
      json: { label: 'Import tier', kind: 'choice', options: ['Gold'] },
    });
    const { id: fieldId } = JSON.parse(tier.text) as CustomField;
    const taken = await newContact();
    const csv = [
      '\ufeffE-Mail;NAME;Company;Phone;Score;import TIER;Shoe size',
      `one@${domain};"Quill; Ada\nof two lines";${domain};'+1 555 0100;80;Gold;43`,
      `two@${domain};"said ""hello""";${domain}`,
      '',
      `no address;<script>alert(1)</script>;${domain};;101;Tin;`,
      `ONE@${domain};the first again;${domain}`,
      `${taken.email?.toUpperCase()};in the database already;${domain}`,
      `three@${domain};too;${domain};many;1;Gold;cells;here`,
      `=cmd()@${domain};+formula;${domain};${'9'.repeat(41)}`,
      ';;;;;;',
    ].join('\r\n');
    const outcomes: [number, RowOutcome][] = [
      [2, 'ready'],
      [4, 'ready'],
      [6, 'error'],
      [7, 'exists'],
      [8, 'exists'],
      [9, 'error'],
      [10, 'error'],
      [11, 'error'],
    ];
    const preview = await importOf(csv, { dryRun: true });
    expect(preview.rows.map(({ line, outcome }) => [line, outcome])).toEqual(outcomes);
    expect(preview.counts).toEqual({ ready: 2, created: 0, exists: 2, 'no-room': 0, error: 4 });
    expect(preview.ignoredColumns).toEqual(['Shoe size']);
    expect(preview.rows[2]?.errors).toEqual([
      { column: 'E-Mail', message: 'Must look like name@company.com', said: 'no address' },
      { column: 'Score', message: 'Must be a whole number from 0 to 100', said: '101' },
      { column: 'import TIER', message: 'Must be one of Gold', said: 'Tin' },
    ]);
    expect(preview.rows[3]?.errors[0]?.message).toBe('The same address as in line 2');
    expect((await found('one')).total).toBe(0);

    const report = await importOf(csv);
    expect(report.counts).toEqual({ ready: 0, created: 2, exists: 2, 'no-room': 0, error: 4 });
    expect(sumOf(report)).toBe(8);
    const [contact] = (await found('one')).contacts;
    expect(contact).toMatchObject({
      name: 'Quill; Ada\nof two lines',
      phone: '+1 555 0100',
      score: 80,
      custom: { [fieldId]: 'Gold' },
    });

    // What comes back can be put right, and holds nothing that a spreadsheet runs.
    const lines = report.rejected?.split('\r\n') ?? [];
    expect(lines).toHaveLength(4 + 2);
    expect(lines[0]).toBe('E-Mail,NAME,Company,Phone,Score,import TIER,Shoe size,error');
    expect(report.rejected).not.toMatch(/(^|[,\n"])[=+@-]/);
    const again = await importOf(report.rejected ?? '', { dryRun: true });
    expect([again.rows.length, again.counts.error]).toEqual([4, 4]);
    await api(`/api/custom-fields/${fieldId}`, { method: 'DELETE' });
  });

  test('counts every row once, in every batch, and a second request with its key makes nothing twice', async () => {
    const kinds = ['good', 'bad', 'twice'] as const;
    const rows = Array.from({ length: 460 }, (_, at) => kinds[at % 7 === 3 ? 1 : at % 11 === 5 ? 2 : 0]);
    const csv = rows
      .map((kind, at) => (kind === 'good' ? `n${at}@${domain}` : kind === 'bad' ? `n${at}` : `n0@${domain}`))
      .map((email) => `${email},${domain}`);
    const options = { workspace: 'meridian', headers: { 'idempotency-key': crypto.randomUUID() } };
    const text = `email,company\n${csv.join('\n')}`;
    const [first, second] = await Promise.all([importOf(text, options), importOf(text, options)]);
    const count = (kind: string) => rows.filter((each) => each === kind).length;
    expect(first.counts).toEqual({
      ready: 0,
      created: count('good'),
      exists: count('twice'),
      'no-room': 0,
      error: count('bad'),
    });
    expect([sumOf(first), second]).toEqual([460, first]);
    await connected;
    const stored = await database.query('select from contacts where company = $1 and tenant_id = $2', [
      domain,
      'meridian',
    ]);
    expect(stored.rowCount).toBe(count('good'));
    const other = await send(`${text}\nother@${domain},${domain}`.replace('n1@', 'n1b@'), options);
    expect([other.status, other.json.type]).toEqual([422, expect.stringMatching(/idempotency-key-reused$/)]);
  });

  test('fills what the plan has left, and lists the rows that did not fit', async () => {
    const options = { workspace: 'lantern' };
    const { total } = (await api('/api/contacts?pageSize=1', options)).json;
    const left = 100 - total;
    const csv = `email,company\n${Array.from({ length: left + 2 }, (_, at) => `full${at}@${domain},${domain}`).join('\n')}`;
    expect((await importOf(csv, { ...options, dryRun: true })).counts).toMatchObject({
      ready: left,
      'no-room': 2,
    });
    const { counts, rejected } = await importOf(csv, options);
    expect(counts).toMatchObject({ created: left, 'no-room': 2, error: 0 });
    expect(rejected?.split('\r\n')[1]).toBe(`full${left}@${domain},${domain},The plan has no place left`);
  });

  test('what cannot be read as a whole is refused, and says why', async () => {
    const refusals = [
      [`email\n"never closed`, 400, 'Cannot be read as CSV from line 2 on: is a quote not closed?'],
      ['', 400, 'Needs a line of headings, and rows under it'],
      ['name\nAda', 400, 'No column is named Email'],
      ['email,E-mail\na,b', 400, 'Two columns are the same: E-mail'],
      [`email\n${'a\n'.repeat(2_001)}`, 413, '2,000 rows'],
      [`email\n${'x'.repeat(1_000_000)}`, 413, '1 MB'],
      [`email\n${'x'.repeat(2_100_000)}`, 413, 'longer than'],
    ] as const;
    for (const [csv, status, why] of refusals) {
      const answer = await send(csv, { dryRun: true, workspace: 'meridian' });
      expect([answer.status, answer.json.detail]).toEqual([status, expect.stringContaining(why)]);
    }
  });

  test('is for those who may write contacts', async () => {
    const cookie = await signIn('harbour-luis');
    expect((await send(`email\na@${domain}`, { cookie })).status).toBe(403);
  });
});

type Options = ApiOptions & { readonly dryRun?: boolean };

function send(csv: string, { dryRun = false, ...options }: Options = {}) {
  return api('/api/contacts/import', { method: 'POST', json: { csv, dryRun }, ...options });
}

async function importOf(csv: string, options: Options = {}): Promise<ImportReport> {
  const { status, text } = await send(csv, options);
  expect([status, text.slice(0, status === 200 ? 0 : 400)]).toEqual([200, '']);
  return JSON.parse(text) as ImportReport;
}

function sumOf({ counts, rows }: ImportReport): number {
  const sum = Object.values(counts).reduce((total, count) => total + count, 0);
  expect(rows).toHaveLength(sum);
  return sum;
}

async function found(name: string) {
  return (await api(`/api/contacts?q=${name}@${domain}`)).json;
}
