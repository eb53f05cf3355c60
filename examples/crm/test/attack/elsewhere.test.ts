import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { attack, cookiesOf, reportAs } from '../support/attack/client';
import { newContact } from '../support/attack/contacts';
import { type Person, signInAll } from '../support/attack/people';
import { attackPlans, pathOf } from '../support/attack/plan';
import { weaknesses } from '../support/attack/weaknesses';

reportAs('elsewhere');

describe('requests that the application could be made to send', () => {
  let listener: Server;
  let cookies: Record<Person, string>;
  let contactId: string;
  let trap: string;
  let trapHost: string;
  let visits = 0;

  beforeAll(async () => {
    cookies = await signInAll();
    contactId = (await newContact(cookies.owner)).id;
    listener = createServer((socket) => {
      visits += 1;
      socket.on('error', () => undefined);
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as { port: number };
    trapHost = `127.0.0.1:${port}`;
    trap = `http://${trapHost}/trap`;
  });
  afterAll(async () => {
    listener.close();
    // Were the trap one that nobody can fall into, nothing would be shown.
    expect(visits).toBe(1);
  });

  test('hosts in headers are asked by nobody, on any route', async () => {
    const headers = [
      { host: trapHost },
      {
        'x-forwarded-host': trapHost,
        'x-forwarded-proto': 'http',
        'x-forwarded-port': trapHost.split(':')[1] ?? '',
      },
      { forwarded: `host=${trapHost};proto=http`, 'x-original-host': trapHost, 'x-host': trapHost },
      {
        referer: trap,
        origin: trap,
        'x-wap-profile': trap,
        'client-ip': trapHost,
        'x-real-ip': trapHost,
        via: trap,
      },
      {
        'x-matched-path': trap,
        'x-middleware-rewrite': trap,
        'x-invoke-path': trap,
        'x-nextjs-rewrite': trap,
      },
      { 'next-action': 'a'.repeat(42), host: trapHost, origin: `http://${trapHost}` },
    ];
    const answers = await Promise.all(
      attackPlans.flatMap((route) =>
        headers.map((each) =>
          attack(route.template, { path: pathOf(route, contactId), cookie: cookies.owner, headers: each }),
        ),
      ),
    );
    expect(answers.flatMap((answer) => weaknesses(answer))).toEqual([]);
    // Nor does an answer send the browser there.
    const locations = answers
      .map(({ headers }) => headers.location ?? '')
      .filter((location) => location.includes(trapHost) && !location.includes('/auth?'));
    expect(locations).toEqual([]);
    expect(answers.filter(({ headers }) => headers.location?.includes(encodeURIComponent(trapHost)))).toEqual(
      [],
    );
  });

  test('a path that is an address is no proxy', async () => {
    for (const path of [
      trap,
      `//${trapHost}/trap`,
      `/\\${trapHost}`,
      `/@${trapHost}`,
      `/_next/image?url=${encodeURIComponent(trap)}&w=64&q=75`,
      `/_next/image?url=%2F%5C${trapHost}&w=64&q=75`,
    ]) {
      const answer = await attack('/', { path });
      expect({ path, weak: weaknesses(answer).filter((weakness) => weakness.startsWith('status')) }).toEqual({
        path,
        weak: [],
      });
      expect(answer.headers.location ?? '').not.toMatch(/^(https?:)?[/\\]{2}127/);
    }
  });

  test('addresses in bodies are data', async () => {
    const stack = `Error\n    at x (${trap}/_next/static/a.js:1:1)\n    at y (${trap}.map:1:1)\n//# sourceMappingURL=${trap}.map`;
    const report = {
      name: trap,
      message: trap,
      stack,
      path: trap,
      route: trap,
      release: trap,
      deployment: trap,
    };
    const bodies: Record<string, object> = {
      '/api/browser-errors': report,
      '/api/browser-vitals': { name: 'LCP', value: 1, path: trap, route: trap },
      '/api/browser-spans': {
        resourceSpans: [
          {
            resource: { attributes: [{ key: 'service.name', value: { stringValue: trap } }] },
            schemaUrl: trap,
            scopeSpans: [],
          },
        ],
      },
      '/api/feedback': { message: trap, digest: trap, url: trap },
      '/api/contacts': {
        email: `${crypto.randomUUID()}@x.example`,
        name: trap,
        notes: trap,
        company: trapHost,
        photo: trap,
      },
      '/api/campaigns': { name: trap, subject: trap, audience: 'everyone', webhook: trap },
    };
    for (const [path, json] of Object.entries(bodies)) {
      const answer = await attack(path, { method: 'POST', path, cookie: cookies.owner, json });
      expect(weaknesses(answer, path)).toEqual([]);
    }
    // The model is told what a contact is; where the model is, no contact says.
    await attack('/api/contacts/[id]', {
      method: 'PATCH',
      path: `/api/contacts/${contactId}`,
      cookie: cookies.owner,
      json: { notes: trap },
    });
    const scored = await attack('/api/contacts/[id]/score', {
      method: 'POST',
      path: `/api/contacts/${contactId}/score`,
      cookie: cookies.owner,
    });
    expect(scored.status).toBe(200);
  });

  test('a login asks the provider of the set-up alone, whatever a callback says', async () => {
    const begun = await attack('/api/session/begin', {
      path: `/api/session/begin?issuer=${encodeURIComponent(trap)}&iss=${encodeURIComponent(trap)}&redirect_uri=${encodeURIComponent(trap)}&request_uri=${encodeURIComponent(trap)}`,
      headers: { 'x-forwarded-host': trapHost },
    });
    const location = new URL(begun.headers.location ?? '');
    expect(location.origin).toBe(process.env.TEST_ATTACK_PROVIDER);
    expect(location.href).not.toContain(encodeURIComponent(trapHost));
    const state = location.searchParams.get('state') ?? '';
    for (const iss of [trap, `http://${trapHost}`, 'file:///etc/passwd', '']) {
      const answer = await attack('/api/session/callback', {
        path: `/api/session/callback?code=x&state=${state}&iss=${encodeURIComponent(iss)}`,
        cookie: cookiesOf(begun),
      });
      expect([answer.status, answer.headers.location]).toEqual([303, expect.stringMatching(/^\/\?signIn=/)]);
    }
  });

  test('the trap was open all the time', async () => {
    await expect(fetch(trap)).rejects.toThrow();
    expect(visits).toBe(1);
  });
});
