import { beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { type Answer, attack, reportAs } from '../support/attack/client';
import { newContact } from '../support/attack/contacts';
import { type Person, signInAll } from '../support/attack/people';
import { attackPlans, pathOf } from '../support/attack/plan';
import { shareOf } from '../support/attack/share-of';
import { weaknesses } from '../support/attack/weaknesses';

/** Longer than any answer takes, shorter than the sleep that is injected. */
const sleepMs = 20_000;

const texts = [
  "' or '1'='1",
  `'; select pg_sleep(${sleepMs / 1_000}); --`,
  `1) or (select 1 from pg_sleep(${sleepMs / 1_000}))=1 --`,
  "' union select id, tenant_id, email from contacts --",
  "\\'; drop table contacts; /*",
  '"; select 1; --',
  '$1 $$ :name ?',
  '%',
  '_%\\',
  '\\',
  '\0',
  'a\0b',
  '\ud800',
  '\u202e\u2066\uffff',
  '\r\nset-cookie: injected=1\r\n\r\n<html>',
  '{{7*7}}<%= 7*7 %>#{7*7}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what is looked for in logs by others
  '${jndi:ldap://127.0.0.1:1/a}',
  '; sleep 20 | `id` $(id)',
  '*)(uid=*))(|(uid=*',
  '../../../../etc/passwd',
  '..\\..\\.env',
  '__proto__',
  'constructor',
  'x'.repeat(5_000),
];

/** In the place of a text of a JSON body. */
const values: readonly unknown[] = [
  { $gt: '' },
  { toString: 'x' },
  [],
  [['a']],
  { length: 1, 0: 'a' },
  true,
  1e308,
  -1,
  null,
  JSON.parse('{"__proto__":{"isAdmin":true},"constructor":{"prototype":{}}}'),
];

const segments = [
  "x'--",
  "00000000-0000-0000-0000-000000000000'--",
  '00000000-0000-0000-0000-00000000000g',
  '%00',
  '%E0%A4%A',
  '%ff',
  '..%2f..%2f..%2fetc%2fpasswd',
  '%2e%2e%2f%2e%2e%2f.env',
  '%2e%2e/%2e%2e/.env',
  '../../../../etc/passwd',
  '..%5c..%5c.env',
  '..\\..\\.env',
  '.%00.json',
  '__proto__',
  'constructor',
  'toString',
  'x%0d%0aset-cookie:%20injected=1',
  '%253Cscript%253E',
  '{{7*7}}',
  'x'.repeat(2_000),
];

const headers: readonly (readonly [string, string])[] = [
  ['if-match', '"1\' or 1=1 --"'],
  ['if-match', `"${'9'.repeat(400)}"`],
  ['idempotency-key', "'; select pg_sleep(20); --"],
  ['idempotency-key', '__proto__'],
  ['x-request-id', "'; select pg_sleep(20); --"],
  ['x-request-id', 'x'.repeat(4_000)],
  ['x-request-id', 'a%0d%0aset-cookie:%20injected=1'],
  ['traceparent', "00-'; drop table contacts; -00-01"],
  ['traceparent', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-ff`],
  ['tracestate', 'a='.repeat(500)],
  ['baggage', 'unite.tenant_id=harbour,__proto__=1'],
  ['accept', "text/html'; --"],
  ['accept', `${'a/b;q=0.1,'.repeat(500)}*/*`],
  ['accept-language', "' or 1=1 --"],
  ['user-agent', '<script>alert(1)</script>'],
  ['referer', 'javascript:alert(1)'],
  ['x-forwarded-for', "127.0.0.1' or 1=1 --"],
  ['cookie', "crm_session='; select pg_sleep(20); --; crm_strip=<script>"],
  ['cookie', '__proto__=1; constructor=1; crm_strip=closed'],
  ['x-consistency-token', "1.1.1.1.1.' or 1=1 --"],
  ['range', 'bytes=0-18446744073709551615'],
  ['content-encoding', 'gzip'],
];

reportAs('injection');

describe('what is put into requests', () => {
  let cookies: Record<Person, string>;
  let contact: { id: string };

  beforeAll(async () => {
    cookies = await signInAll();
    contact = await newContact(cookies.owner);
  });

  test('a parameter of a query is a value: of SQL, of headers, of objects', async () => {
    await allGood(
      attackPlans.flatMap((route) =>
        route.query.flatMap((name, at) =>
          shareOf(texts, at, route.isPage ? 3 : 1).map((text) => {
            const value = encodeURIComponent(text.replace(/\p{Surrogate}/u, '\ufffd'));
            return [route.template, `${pathOf(route, contact.id)}?${name}=${value}`] as const;
          }),
        ),
      ),
    );
  });

  test('a parameter is one, however often and however it is spelled', async () => {
    const spellings = (name: string) => [
      `${name}=1&${name}=2`,
      `${name}[]=1`,
      '__proto__[x]=1&constructor[prototype][x]=1',
      `${name}[$gt]=1`,
      name,
      `${name}=%00`,
      `${name}=%ff%fe`,
      `${name}=%`,
    ];
    await allGood(
      attackPlans.flatMap((route) =>
        route.query.flatMap((name) =>
          spellings(name).map((query) => [route.template, `${pathOf(route, contact.id)}?${query}`] as const),
        ),
      ),
    );
  });

  test('a segment of a path is a value, and leads nowhere else', async () => {
    const answers = await allGood(
      attackPlans
        .filter(({ id }) => id !== undefined)
        .flatMap((route) => segments.map((segment) => [route.template, pathOf(route, segment)] as const)),
    );
    for (const { text } of answers) expect(text).not.toMatch(/root:.*:0:0|DATABASE_URL/);
  });

  test('a field of a body is what its schema says, or is refused', async () => {
    await allBodies((body, field, value) => ({ ...body, [field]: value }), [...texts, ...values]);
  });

  test('a body that is no object of its fields is refused', async () => {
    const bodies = [
      '',
      'null',
      '[]',
      '"text"',
      '1',
      '{',
      '{"a":1}}',
      '\ufeff{}',
      '{"__proto__":{"isAdmin":true,"tenantId":"harbour"},"constructor":{"prototype":{"isAdmin":true}}}',
      '{"email":"a@b.example","email":"c@d.example"}',
      `{"a":"${'x'.repeat(10_000)}"}`,
    ];
    await allGood(
      attackPlans.flatMap((route) =>
        route.methods
          .filter(({ body }) => body)
          .flatMap(({ method }) =>
            bodies.map(
              (body) => [route.template, pathOf(route, contact.id), { method, body, headers: json }] as const,
            ),
          ),
      ),
    );
    // Nothing that was sent has become a property of every object.
    const { text } = await attack('/api/contacts', {
      path: '/api/contacts?pageSize=1',
      cookie: cookies.viewer,
    });
    expect(text).not.toContain('isAdmin');
  });

  test('a header is a value', async () => {
    await allGood(
      attackPlans.flatMap((route, at) =>
        route.methods.flatMap(({ method, body }) =>
          headers
            // A cookie of one's own comes with the session, or nothing would be reached.
            .map(([name, value]) =>
              name === 'cookie' ? ([name, `${cookies.owner}; ${value}`] as const) : ([name, value] as const),
            )
            // Of pages, which take longer, each gets some, and all of them get all.
            .filter((_, index) => (route.isPage ? index % 4 === at % 4 : method === 'GET' || body))
            .map(
              ([name, value]) =>
                [
                  route.template,
                  pathOf(route, route.id === 'contact' ? contact.id : 'x'),
                  {
                    method,
                    headers: { ...(body && json), [name]: value },
                    ...(body && { body: JSON.stringify(invalid(body)) }),
                  },
                ] as const,
            ),
        ),
      ),
    );
  });

  test('what was searched for is data: wildcards of LIKE are letters', async () => {
    for (const q of ['%', '_', '%%', '\\%']) {
      const { text } = await attack('/api/contacts', {
        path: `/api/contacts?q=${encodeURIComponent(q)}`,
        cookie: cookies.stranger,
      });
      expect({ q, total: JSON.parse(text).total }).toEqual({ q, total: 0 });
    }
  });

  test('what was sent is stored as it was sent', async () => {
    const name = `'); drop table contacts; -- ${'{{7*7}}'} <b>\u202e`;
    const { id } = await newContact(cookies.owner, { name, notes: '\r\nset-cookie: x=1\n\'"' });
    const { headers: got, text } = await attack('/api/contacts/[id]', {
      path: `/api/contacts/${id}`,
      cookie: cookies.owner,
    });
    expect(JSON.parse(text)).toMatchObject({ name });
    expect(JSON.stringify(got)).not.toContain('x=1');
  });

  test('a line of the log is a line, whatever was sent', async () => {
    const said = await attack('/api/contacts', {
      path: '/api/contacts?q=%0a%7b%22level%22%3a%22forged%22%7d',
      cookie: cookies.owner,
      headers: { 'x-request-id': 'a b', 'user-agent': 'x\ty' },
    });
    expect(said.status).toBe(200);
    expect(said.headers['x-request-id']).not.toBe('a b');
  });

  test('and the tables are still there', async () => {
    const client = new pg.Client({ connectionString: process.env.TEST_ATTACK_DATABASE_URL });
    await client.connect();
    const { rows } = await client.query('select count(*)::int as count from contacts');
    await client.end();
    expect(rows[0].count).toBeGreaterThan(4_000);
  });

  type Sent = readonly [string, string, Parameters<typeof attack>[1]?] | readonly [string, string, object];

  /** Sends all as the owner, who may do everything, and finds nothing weak, slow or foreign in the answers. */
  async function allGood(sent: readonly Sent[]): Promise<Answer[]> {
    const found: string[] = [];
    const answers = await Promise.all(
      sent.map(async ([template, path, how = {}]) => {
        const headers = { cookie: cookies.owner, ...('headers' in how ? (how.headers as object) : {}) };
        const answer = await attack(template, { ...how, path, headers });
        const at = `${path.slice(0, 200)} ${JSON.stringify(how).slice(0, 200)}`;
        // A path with dots is another one once they are gone.
        const isElsewhere = /\.\.|%2e/i.test(path);
        found.push(
          ...weaknesses(answer, isElsewhere ? '' : template).map((weakness) => `${at}: ${weakness}`),
        );
        if ('injected' in answer.headers || answer.headers['set-cookie']?.join().includes('injected'))
          found.push(`${at}: a header`);
        return answer;
      }),
    );
    expect(found).toEqual([]);
    return answers;
  }

  async function allBodies(
    change: (body: Readonly<Record<string, unknown>>, field: string, value: unknown) => object,
    given: readonly unknown[],
  ): Promise<void> {
    await allGood(
      attackPlans.flatMap((route) =>
        route.methods.flatMap(({ method, body }) =>
          Object.keys(body ?? {}).flatMap((field, at) =>
            shareOf(given, at, route.template === '/api/contacts' ? 1 : 3).map(
              (value) =>
                [
                  route.template,
                  pathOf(route, contact.id),
                  // As the JSON of any client: what is no Unicode among it.
                  { method, headers: json, body: JSON.stringify(change(unique(body ?? {}), field, value)) },
                ] as const,
            ),
          ),
        ),
      ),
    );
  }
});

const json = { 'content-type': 'application/json' };

/** Addresses are taken once. */
function unique(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return 'email' in body ? { ...body, email: `${crypto.randomUUID()}@attack.example` } : body;
}

/** What is refused, so that nothing has to be made for each header. */
function invalid(body: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.keys(body).map((name) => [name, 0]));
}
