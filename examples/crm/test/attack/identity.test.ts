import { beforeAll, describe, expect, test } from '@jest/globals';
import { createCookieSessions } from '@unite/crypto/oauth';
import { type Answer, type Attack, attack, reportAs } from '../support/attack/client';
import { newContact } from '../support/attack/contacts';
import { type Person, signInAll } from '../support/attack/people';
import {
  type Access,
  attackPlans,
  gaps,
  type MethodPlan,
  pathOf,
  type RoutePlan,
} from '../support/attack/plan';
import { shareOf } from '../support/attack/share-of';
import { weaknesses } from '../support/attack/weaknesses';

const ranks: readonly Access[] = ['everybody', 'viewer', 'member', 'manager', 'owner'];
const owner = {
  userId: 'meridian-mira',
  userName: 'Mira',
  role: 'owner',
  tenantId: 'meridian',
  tenantName: 'Meridian Freight',
  plan: 'enterprise',
};

/** What a client may say of itself, and is not believed. */
const claims: Readonly<Record<string, string>>[] = [
  { 'x-demo-workspace': 'meridian' },
  { 'x-tenant-id': 'meridian', 'x-user-id': 'meridian-mira', 'x-user-role': 'owner' },
  { 'x-unite-tenant-id': 'meridian', 'x-unite-user-id': 'meridian-mira', 'x-unite-role': 'owner' },
  { 'x-unite-identity': JSON.stringify(owner), 'x-unite-session': JSON.stringify(owner) },
  { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy', 'x-middleware-next': '1' },
  { 'x-middleware-subrequest': 'src/middleware:src/middleware:src/middleware:src/middleware:src/middleware' },
  { 'x-middleware-override-headers': 'cookie', 'x-middleware-request-cookie': 'crm_session=owner' },
  { 'x-forwarded-user': 'meridian-mira', 'x-remote-user': 'meridian-mira', 'x-authenticated-user': 'mira' },
  { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': 'localhost', 'x-real-ip': '127.0.0.1' },
  { 'x-original-url': '/api/session', 'x-rewrite-url': '/', 'x-http-method-override': 'GET' },
  { authorization: 'Bearer owner' },
  {
    rsc: '1',
    'next-router-state-tree': encodeURIComponent(JSON.stringify(['', { children: ['__PAGE__', {}] }])),
  },
  { 'next-action': '00'.repeat(21) },
  { 'x-crm-path': '//evil.example/' },
  { 'x-nextjs-data': '1', 'x-matched-path': '/api/contacts', 'x-invoke-path': '/api/contacts' },
  { 'x-vercel-id': 'x', 'x-prerender-revalidate': 'x', 'x-now-route-matches': '1' },
];

reportAs('identity');

describe('who is asked about', () => {
  let cookies: Record<Person, string>;
  let contactId: string;

  beforeAll(async () => {
    cookies = await signInAll();
    contactId = (await newContact(cookies.owner)).id;
  });

  test('every method of every route has a plan, and every plan a route', () => {
    expect(gaps).toEqual([]);
  });

  test('without a session, and with what only looks like one, there is nothing to see or to change', async () => {
    const { found } = await tryAll(forgedCookies(), (plan) =>
      plan.access === 'everybody' ? undefined : 'nobody',
    );
    expect(found).toEqual([]);
  });

  test('what a client says of itself makes nobody of it', async () => {
    const found: string[] = [];
    // Route by route: hundreds at once would show that the database is asked late, and not who is believed.
    for (const [at, { route, plan }] of closed().entries()) {
      await Promise.all(
        shareOf(claims, at, route.isPage ? 3 : 1).map(async (headers) => {
          const answer = await ask(route, plan, { headers });
          found.push(...judge(route, plan, answer, 'nobody', Object.keys(headers).join()));
        }),
      );
    }
    expect(found).toEqual([]);
  });

  test('nor does it make a viewer an owner, or show another workspace', async () => {
    const found: string[] = [];
    const above = closed().filter(({ plan }) => plan.access !== 'viewer');
    for (const headers of claims) {
      await Promise.all(
        above.map(async ({ route, plan }) => {
          const answer = await ask(route, plan, { headers, cookie: cookies.viewer });
          found.push(...judge(route, plan, answer, 'too little', Object.keys(headers).join()));
        }),
      );
      const list = await attack('/api/contacts', {
        path: '/api/contacts?pageSize=100',
        headers,
        cookie: cookies.stranger,
      });
      if (list.text.includes(contactId)) found.push(`another workspace by ${Object.keys(headers)}`);
    }
    expect(found).toEqual([]);
  });

  test.each(['viewer', 'member', 'manager', 'owner'] as const)(
    'a %s may do what the role allows, and no more',
    async (role) => {
      const { found } = await tryAll([cookies[role]], ({ access }) =>
        ranks.indexOf(access) <= ranks.indexOf(role) ? undefined : 'too little',
      );
      expect(found).toEqual([]);
    },
  );

  test('a body makes nobody more than they are, and gives nothing to another workspace', async () => {
    const more = {
      tenantId: 'harbour',
      tenant_id: 'harbour',
      role: 'owner',
      userId: 'harbour-imani',
      id: crypto.randomUUID(),
    };
    const made = await newContact(cookies.member, more);
    expect(made.id).not.toBe(more.id);
    const asStranger = await attack('/api/contacts/[id]', {
      path: `/api/contacts/${made.id}`,
      cookie: cookies.stranger,
    });
    expect(asStranger.status).toBe(404);
    const path = `/api/contacts/${made.id}`;
    const changed = await attack('/api/contacts/[id]', {
      method: 'PATCH',
      path,
      json: more,
      cookie: cookies.member,
    });
    expect(JSON.parse(changed.text)).toMatchObject({ id: made.id });
    const still = await attack('/api/contacts/[id]', { path, cookie: cookies.member });
    expect(still.status).toBe(200);
  });

  test('a viewer reads no address, neither in the API nor on a page, nor by searching for it', async () => {
    const email = `${crypto.randomUUID()}@secret.example`;
    const { id } = await newContact(cookies.owner, { email, phone: '+49 30 5556677', name: 'Hidden Person' });
    const paths = [
      `/api/contacts/${id}`,
      '/api/contacts?sort=updated&pageSize=100',
      `/contacts/${id}`,
      '/contacts',
    ];
    for (const path of paths) {
      const template = path.replace(id, '[id]').split('?')[0] ?? '';
      const { status, text } = await attack(template, { path, cookie: cookies.viewer });
      expect({ path, status }).toEqual({ path, status: 200 });
      expect(text).not.toContain(email);
      expect(text).not.toContain('5556677');
    }
    for (const q of [email, '+49305556677']) {
      const { text } = await attack('/api/contacts', {
        path: `/api/contacts?q=${encodeURIComponent(q)}`,
        cookie: cookies.viewer,
      });
      expect(JSON.parse(text)).toMatchObject({ total: 0 });
    }
  });

  test('without a demo the directory of people is shown to nobody, and nobody is picked from it', async () => {
    const { text } = await attack('/', { path: '/' });
    expect(text).not.toMatch(/Mira|Imani|meridian|harbour/i);
    for (const json of [{ userId: 'meridian-mira' }, { userId: 'nobody' }]) {
      const answer = await attack('/api/session', { method: 'POST', path: '/api/session', json });
      expect([answer.status, answer.headers['set-cookie']]).toEqual([403, undefined]);
    }
  });

  test('metrics are for who has the token', async () => {
    for (const authorization of [
      '',
      'Bearer ',
      'Bearer undefined',
      'Basic YTpi',
      'Bearer a token for the tests of attack',
    ]) {
      const { status } = await attack('/metrics', { path: '/metrics', headers: { authorization } });
      expect(status).toBe(403);
    }
  });

  /** Asks every method of every route as each of these, and says what is wrong with the answers. */
  async function tryAll(as: readonly string[], expected: (plan: MethodPlan) => Expected) {
    const found: string[] = [];
    const asked = attackPlans.flatMap((route, at) =>
      route.methods
        .filter((plan) => expected(plan) !== undefined || plan.method === 'GET')
        .flatMap((plan) =>
          shareOf(as, at, route.isPage && as.length > 3 ? 3 : 1).map((cookie) => ({ route, plan, cookie })),
        ),
    );
    await Promise.all(
      asked.map(async ({ route, plan, cookie }) => {
        const answer = await ask(route, plan, { cookie });
        found.push(...judge(route, plan, answer, expected(plan), cookie.slice(0, 30)));
      }),
    );
    return { found };
  }

  async function ask(
    { template, id }: RoutePlan,
    { method, body }: MethodPlan,
    how: Claimed,
  ): Promise<Answer> {
    const path = pathOf({ template }, id === 'contact' ? contactId : undefined);
    const asked = { method, ...how, ...(body && { json: body }) };
    const answer = await attack(template, { path, ...asked });
    // Next.js wants what is asked for its router's data to say so in the address.
    const { location = '' } = answer.headers;
    return location.includes('_rsc=') ? attack(template, { path: location, ...asked }) : answer;
  }

  function closed() {
    return attackPlans.flatMap((route) =>
      route.methods.filter(({ access }) => access !== 'everybody').map((plan) => ({ route, plan })),
    );
  }

  function forgedCookies(): string[] {
    const [name = '', value = ''] = cookies.owner.split('=');
    const last = value.at(-2) === 'A' ? 'B' : 'A';
    const sealed = (options: object, cookieName = name) =>
      createCookieSessions({
        secrets: ['another secret for the tests, long enough to seal'],
        secure: false,
        cookieName,
        parse: (given) => given,
        ...options,
      })
        .start(owner)
        .split(';')[0] ?? '';
    const secrets = [process.env.TEST_SESSION_SECRET ?? ''];
    return [
      '',
      `${name}=`,
      `${name}=undefined`,
      `${name}=${value.slice(0, -2)}${last}${value.at(-1)}`,
      `${name}=B${value.slice(1)}`,
      `${name}=${value.slice(0, -20)}`,
      `${name}=${value}=`,
      `__Host-${name}=${value}`,
      // What is no session in front of one does not sign anybody out; behind what fills a cookie's places, it is not read.
      `login-x=${value}; ${`${name}=x; `.repeat(5)}${name}=${value}`,
      `${name}=${Buffer.from(JSON.stringify(owner)).toString('base64url')}`,
      // Unsigned and unencrypted tokens of other systems.
      `${name}=eyJhbGciOiJub25lIn0.${Buffer.from(JSON.stringify(owner)).toString('base64url')}.`,
      sealed({}),
      // Ours, but over for a week; and sealed under another name.
      sealed({ secrets, clock: weekAgo }),
      sealed({ secrets }, 'other').replace('other=', `${name}=`),
    ];
  }
});

/** When a session of now is over for a day. */
const weekAgo = {
  wallMs: () => Date.now() - 8 * 86_400_000,
  monotonicMs: () => 0,
  sleep: async () => undefined,
};

type Claimed = Pick<Attack, 'cookie' | 'headers'>;

type Expected = 'nobody' | 'too little' | undefined;

/** What is wrong with an answer to somebody who may not have it, or may. */
function judge(
  { template, isPage }: RoutePlan,
  plan: MethodPlan,
  answer: Answer,
  expected: Expected,
  as: string,
): string[] {
  const { status, headers, text } = answer;
  const problems = weaknesses(answer, template);
  if (expected === 'nobody' && isPage) {
    const isSentAway =
      /^\/(\?returnTo=%2F[\w%.-]*)?$/.test(headers.location ?? '') ||
      /url=\/(\?returnTo=%2F[\w%.-]*)?["']|NEXT_REDIRECT;replace;\/(\?returnTo=%2F[\w%.-]*)?;/.test(text) ||
      (status === 404 && !text.includes('@'));
    if (!isSentAway) problems.push(`status ${status}`);
  } else if (expected === 'nobody' && status !== 401) problems.push(`status ${status}`);
  else if (expected === 'too little' && status !== 403) problems.push(`status ${status}`);
  else if (expected === undefined && plan.access !== 'everybody' && [401, 403].includes(status))
    problems.push(`status ${status}`);
  return problems.map((problem) => `${plan.method} ${template} as "${as}": ${problem}`);
}
