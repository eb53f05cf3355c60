import { describe, expect, test } from '@jest/globals';
import { brokenWhile, checkProblemCoverage, problemFlaw } from '../../src/testing';
import { exampleProblems } from '../examples';

const problems = exampleProblems();
const routes = [
  { method: 'GET', path: '/contacts', headers: { cookie: 'session=1' } },
  { method: 'POST', path: '/contacts', body: { name: 'Ada' } },
];

/** An application that answers every failure with a problem. */
async function good(request: Request): Promise<Response> {
  const known = new URL(request.url).pathname === '/contacts';
  if (!known) return problems.respond(problems.error(404), request);
  if (request.method === 'GET') return Response.json([]);
  if (request.method !== 'POST') return problems.respond(problems.error(405), request);
  if (request.headers.get('content-type') !== 'application/json')
    return problems.respond(problems.error(415), request);
  try {
    const text = await request.text();
    if (text.length > 1_000) throw problems.error(413);
    return Response.json(JSON.parse(text), { status: 201 });
  } catch (error) {
    return problems.respond(error, request);
  }
}

describe('checkProblemCoverage', () => {
  test('finds nothing where nothing is wrong', async () => {
    expect(await checkProblemCoverage({ request: good, routes })).toEqual([]);
  });

  test('finds each kind of answer that is no problem', async () => {
    const findings = await checkProblemCoverage({
      routes,
      oversizedBytes: 5_000,
      async request(request) {
        const text = await request.clone().text();
        if (new URL(request.url).pathname.includes('no-such'))
          return new Response('<h1>404</h1>', { status: 404, headers: { 'content-type': 'text/html' } });
        if (['DELETE', 'PUT'].includes(request.method)) return new Response(null, { status: 405 });
        if (text === '{"broken":')
          return new Response('{"status":400,"title":"x"}', {
            status: 400,
            headers: { 'content-type': 'application/problem+json' },
          });
        if (text === 'not json')
          return new Response('{', { status: 415, headers: { 'content-type': 'application/problem+json' } });
        if (text.length > 5_000) throw new TypeError('fetch failed');
        return good(request);
      },
    });
    expect(findings).toEqual([
      { route: 'GET /contacts', failure: 'unknown-path', status: 404, flaw: 'content type is text/html' },
      {
        route: 'DELETE /contacts',
        failure: 'wrong-method',
        status: 405,
        flaw: 'content type is no content type',
      },
      { route: 'POST /contacts', failure: 'unknown-path', status: 404, flaw: 'content type is text/html' },
      {
        route: 'DELETE /contacts',
        failure: 'wrong-method',
        status: 405,
        flaw: 'content type is no content type',
      },
      { route: 'POST /contacts', failure: 'malformed-json', status: 400, flaw: 'type is missing' },
      { route: 'POST /contacts', failure: 'wrong-content-type', status: 415, flaw: 'body is no JSON object' },
      { route: 'POST /contacts', failure: 'oversized-body', flaw: 'no answer: TypeError: fetch failed' },
    ]);
  });

  test('breaks things behind a route, and restores them', async () => {
    let broken = 0;
    const failures = [
      'unknown-path' as const,
      brokenWhile('database-down', () => {
        broken++;
        return () => void broken--;
      }),
      brokenWhile('expects 503', () => () => undefined, [503]),
    ];
    const findings = await checkProblemCoverage({
      routes: routes.slice(0, 1),
      failures,
      request: (request) => (broken ? new Response('Error: ECONNREFUSED', { status: 500 }) : good(request)),
    });
    expect(findings).toEqual([
      {
        route: 'GET /contacts',
        failure: 'database-down',
        status: 500,
        flaw: 'content type is text/plain;charset=UTF-8',
      },
      { route: 'GET /contacts', failure: 'expects 503', status: 200, flaw: 'status is 200, not 503' },
    ]);
    expect(broken).toBe(0);
  });

  test('does not pass by checking nothing', async () => {
    await expect(checkProblemCoverage({ request: good, routes: [] })).rejects.toThrow('nothing was checked');
    await expect(checkProblemCoverage({ request: () => new Response('ok'), routes })).rejects.toThrow(
      TypeError,
    );
    await expect(
      checkProblemCoverage({ request: good, routes, failures: ['nope' as 'unknown-path'] }),
    ).rejects.toThrow('nope');
  });

  test('finds no free method where all are taken', async () => {
    const all = ['DELETE', 'PATCH', 'PUT', 'POST'].map((method) => ({ method, path: '/contacts' }));
    const failures = ['wrong-method' as const, 'unknown-path' as const];
    expect(await checkProblemCoverage({ request: good, routes: all, failures })).toEqual([]);
  });
});

describe('problemFlaw', () => {
  const answer = (body: unknown, status = 500): Response =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json' } });

  test.each([
    [{ type: 'about:blank', title: 'x', status: 500 }, undefined],
    [{ type: 'about:blank', title: '', status: 500 }, 'title is missing'],
    [{ type: 'about:blank', title: 'x', status: 400 }, "status member is 400, the response's is 500"],
    [
      { type: 'about:blank', title: 'x', status: 500, detail: 'at run (/app/x.js:1:2)' },
      'body shows internals',
    ],
    [null, 'body is no JSON object'],
  ])('of %j is %j', async (body, flaw) => {
    expect(await problemFlaw(answer(body))).toBe(flaw);
  });
});
