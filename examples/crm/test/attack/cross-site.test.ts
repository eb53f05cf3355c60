import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, attack, origin, reportAs } from '../support/attack/client';
import { newContact } from '../support/attack/contacts';
import { type Person, signInAll } from '../support/attack/people';
import { attackPlans, pathOf } from '../support/attack/plan';
import { weaknesses } from '../support/attack/weaknesses';

/** What browsers say of a request that another site makes them send. */
const elsewhere: Readonly<Record<string, string>>[] = [
  { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
  { 'sec-fetch-site': 'cross-site', origin },
  { 'sec-fetch-site': 'cross-site', 'x-forwarded-host': 'evil.example', origin: 'https://evil.example' },
  { 'sec-fetch-site': 'same-site', origin: origin.replace('localhost', 'other.localhost') },
  { 'sec-fetch-site': 'something', origin },
  { 'sec-fetch-site': 'Same-Origin' },
  { 'sec-fetch-site': 'same-origin, cross-site' },
  { 'sec-fetch-site': '', origin: 'https://evil.example' },
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: `${origin}.evil.example` },
  { origin: origin.replace('localhost', 'localhost.evil.example') },
  { origin: origin.replace(/\d+$/, '1') },
  { origin: 'https://evil.example', host: 'evil.example:80' },
  { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
  { origin: 'https://evil.example', 'x-http-method-override': 'GET', referer: origin },
];

/** What a form or a simple request of another site can send, without asking first. */
const simple = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''];

reportAs('cross-site');

describe('what other sites make a browser send', () => {
  let cookies: Record<Person, string>;
  let contact: { id: string };
  const changing = attackPlans.flatMap((route) =>
    route.methods.filter(({ changes }) => changes).map((plan) => ({ route, plan })),
  );

  beforeAll(async () => {
    cookies = await signInAll();
    contact = await newContact(cookies.owner, { name: 'Untouched' });
  });

  test('nothing is changed by it, on any route and by any method', async () => {
    const found: string[] = [];
    for (const headers of elsewhere) {
      await Promise.all(
        changing.map(async ({ route, plan: { method, body } }) => {
          const path = pathOf(route, route.id === 'contact' ? contact.id : undefined);
          const asked = { method, path, cookie: cookies.owner, headers, ...(body && { json: body }) };
          const answer = await attack(route.template, asked);
          if (answer.status !== 403)
            found.push(`${method} ${path} ${JSON.stringify(headers)}: ${answer.status}`);
          found.push(...weaknesses(answer, route.template));
        }),
      );
    }
    expect(found).toEqual([]);
    await isUntouched();
  });

  test('nor by what needs no preflight, even where a browser says nothing of its origin', async () => {
    const found: string[] = [];
    await Promise.all(
      changing
        .filter(
          ({ plan, route }) =>
            plan.method === 'POST' && plan.body && plan.access !== 'everybody' && !route.isPage,
        )
        .flatMap(({ route, plan }) =>
          simple.map(async (type) => {
            const body = type.includes('urlencoded')
              ? `{"a":"=${JSON.stringify(plan.body)}"}`
              : JSON.stringify(plan.body);
            const headers = type === '' ? undefined : { 'content-type': type };
            const asked = {
              method: 'POST',
              path: pathOf(route, contact.id),
              cookie: cookies.owner,
              headers,
              body,
            };
            const answer = await attack(route.template, asked);
            if (answer.status !== 415) found.push(`${route.template} ${type}: ${answer.status}`);
          }),
        ),
    );
    expect(found).toEqual([]);
  });

  test('a GET changes nothing, whatever method it claims to be', async () => {
    const before = await everything();
    const claims = [
      { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE', 'x-http-method': 'DELETE' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
      { 'next-action': 'a'.repeat(42) },
    ];
    await Promise.all(
      claims.flatMap((headers) =>
        attackPlans
          .filter(({ methods, isPage }) => isPage || methods.some(({ changes }) => changes))
          .map((route) => {
            const path = `${pathOf(route, contact.id)}?_method=DELETE&method=DELETE`;
            return attack(route.template, { path, cookie: cookies.owner, headers });
          }),
      ),
    );
    expect(await everything()).toEqual(before);
    await isUntouched();
  });

  test('pages take no server action, from anywhere', async () => {
    const pages = attackPlans.filter(({ isPage }) => isPage);
    const answers = await Promise.all(
      pages.flatMap((route) =>
        ['https://evil.example', origin].map((from) =>
          attack(route.template, {
            method: 'POST',
            path: pathOf(route, contact.id),
            cookie: cookies.owner,
            headers: {
              'next-action': '40'.repeat(21),
              'content-type': 'text/plain;charset=UTF-8',
              origin: from,
            },
            body: '[]',
          }),
        ),
      ),
    );
    expect(answers.flatMap((answer) => weaknesses(answer))).toEqual([]);
    expect(
      answers
        .filter(({ status }) => status < 400 && status !== 307)
        .map(({ status, text }) => [status, text.slice(0, 80)]),
    ).toEqual([]);
  });

  test('no other site may read an answer, nor is told that it may send', async () => {
    const answers = await Promise.all(
      attackPlans.flatMap((route) =>
        ['OPTIONS', 'GET'].map((method) =>
          attack(route.template, {
            method,
            path: pathOf(route, contact.id),
            cookie: cookies.owner,
            headers: {
              origin: 'https://evil.example',
              'access-control-request-method': 'DELETE',
              'access-control-request-headers': 'content-type',
              'access-control-request-private-network': 'true',
            },
          }),
        ),
      ),
    );
    const allowing = ({ headers }: Answer) =>
      Object.keys(headers).filter((name) => name.startsWith('access-control'));
    expect(answers.flatMap(allowing)).toEqual([]);
  });

  async function isUntouched(): Promise<void> {
    const { status, text } = await attack('/api/contacts/[id]', {
      path: `/api/contacts/${contact.id}`,
      cookie: cookies.owner,
    });
    expect([status, JSON.parse(text)]).toEqual([
      200,
      expect.objectContaining({ name: 'Untouched', version: 1 }),
    ]);
  }

  async function everything() {
    const [contacts, campaigns] = await Promise.all(
      ['/api/contacts', '/api/campaigns'].map((path) => attack(path, { path, cookie: cookies.owner })),
    );
    return [JSON.parse(contacts?.text ?? '').total, JSON.parse(campaigns?.text ?? '').total];
  }
});
