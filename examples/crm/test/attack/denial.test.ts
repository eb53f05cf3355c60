import { once } from 'node:events';
import { connect } from 'node:net';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { attack, origin, reportAs } from '../support/attack/client';
import { newContact } from '../support/attack/contacts';
import { type Person, signInAll } from '../support/attack/people';
import { attackPlans, pathOf } from '../support/attack/plan';
import { weaknesses } from '../support/attack/weaknesses';

const { hostname, port } = new URL(origin || 'http://localhost:1');
const json = { 'content-type': 'application/json' };
/** What takes longer has been made to, however slow the machine is. */
const longMs = 10_000;

reportAs('denial');

describe('what would keep the application from others', () => {
  let cookies: Record<Person, string>;
  let contact: { id: string };
  let slow: Promise<{ text: string }[]>;
  const taking = attackPlans.flatMap((route) =>
    route.methods.filter(({ body }) => body).map((plan) => ({ route, plan })),
  );

  beforeAll(async () => {
    cookies = await signInAll();
    contact = await newContact(cookies.owner);
    // Takes its time, while the others are tried.
    slow = Promise.all([
      ...taking.map(({ route, plan: { method } }) => slowly(method, pathOf(route, contact.id))),
      raw('GET / HTTP/1.1\r\nhost: x\r\n'),
      raw('POST /api/contacts HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nffffff\r\n{'),
    ]);
  });

  test('bodies that are too long, too deep or never end are not read to their end', async () => {
    const deep = [
      `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
      `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
    ];
    const long = [`{"name":"${'x'.repeat(1_000_000)}"}`, `[${'{},'.repeat(300_000)}{}]`];
    const found = await Promise.all(
      taking.flatMap(({ route, plan: { method } }) =>
        [...deep, ...long].map(async (body) => {
          const asked = {
            method,
            path: pathOf(route, contact.id),
            cookie: cookies.owner,
            headers: json,
            body,
          };
          const answer = await attack(route.template, asked).catch(() => undefined);
          // Whoever sends on after the answer loses the connection.
          if (!answer) return [];
          const isAnswered = answer.status < 500 && answer.tookMs < longMs;
          return isAnswered ? [] : [`${method} ${route.template} ${body.length}: ${answer.status}`];
        }),
      ),
    );
    expect(found.flat()).toEqual([]);
  });

  test('headers and addresses that are too long are refused before anything is done', async () => {
    const many = Array.from({ length: 400 }, (_, index) => `c${index}=1`).join('; ');
    const answers = await Promise.all([
      attack('/api/contacts', { path: '/api/contacts', cookie: `${cookies.owner}; ${many}` }),
      attack('/api/contacts', { path: '/api/contacts', cookie: `${many}; ${cookies.owner}` }),
      attack('/contacts', { path: '/contacts', cookie: `${many}; ${cookies.owner}` }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const tooLong = await Promise.all([
      attack('/', { path: '/', cookie: `a=${'x'.repeat(20_000)}` }),
      attack('/', { path: '/', headers: { 'x-long': 'x'.repeat(20_000) } }),
      attack('/', { path: `/?${'a=1&'.repeat(5_000)}` }),
    ]);
    expect(tooLong.map(({ status }) => status)).toEqual([431, 431, 431]);
  });

  test('thousands of parameters, and texts that are hard to match, take no longer than others', async () => {
    const hard = [
      'a'.repeat(100),
      `${'a '.repeat(50)}`,
      '%'.repeat(100),
      '\\'.repeat(100),
      `${'1'.repeat(99)}x`,
      `${'a@'.repeat(49)}`,
      `${'a.'.repeat(30)}@${'a.'.repeat(15)}`,
      ' '.repeat(100),
    ];
    const found: string[] = [];
    const isQuick = async (template: string, path: string, how: object = {}) => {
      const answer = await attack(template, { path, cookie: cookies.owner, ...how });
      if (answer.tookMs > longMs) found.push(`${path.slice(0, 80)} took ${Math.round(answer.tookMs)} ms`);
      found.push(...weaknesses(answer, template).map((weakness) => `${path.slice(0, 80)}: ${weakness}`));
    };
    await Promise.all([
      ...hard.flatMap((q) => [
        isQuick('/api/contacts', `/api/contacts?q=${encodeURIComponent(q)}`),
        isQuick('/contacts', `/contacts?q=${encodeURIComponent(q)}`),
      ]),
      ...hard.map((text) =>
        isQuick('/api/contacts', '/api/contacts', {
          method: 'POST',
          json: { email: text.slice(0, 100) + text, name: text },
        }),
      ),
      ...attackPlans
        .filter(({ query }) => query.length > 0)
        .map((route) => isQuick(route.template, `${pathOf(route)}?${'q=1&'.repeat(2_500)}`)),
      isQuick('/api/contacts', '/api/contacts?page=10000&pageSize=100'),
      isQuick('/api/contacts', '/api/contacts', {
        headers: { accept: `${'text/html;q=0.1,'.repeat(600)}*/*` },
      }),
      isQuick('/errors', '/errors', { headers: { accept: `${'application/jso'.repeat(600)}n` } }),
      isQuick('/api/contacts/[id]', `/api/contacts/${contact.id}`, {
        method: 'PATCH',
        json: {},
        headers: { 'if-match': `"${' '.repeat(9_000)}x` },
      }),
      isQuick('/api/contacts', '/api/contacts', { headers: { traceparent: `00-${'a'.repeat(9_000)}` } }),
    ]);
    expect(found).toEqual([]);
  });

  test('a flood of anonymous reports is taken or refused, and the application goes on', async () => {
    const reports = await Promise.all(
      Array.from({ length: 300 }, (_, index) =>
        attack('/api/browser-errors', {
          method: 'POST',
          path: '/api/browser-errors',
          json: { name: 'E', message: `flood ${index}` },
        }),
      ),
    );
    expect(reports.filter(({ status }) => status !== 204 && status !== 429)).toEqual([]);
    expect((await attack('/health/[...page]', { path: '/health/ready' })).status).toBe(200);
  });

  test('what is no HTTP ends the connection', async () => {
    const lines = [
      'GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      'POST /api/contacts HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef',
      'GET / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: xchunked\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      'GET / HTTP/1.1\r\nhost: x\r\n x: folded\r\n\r\n',
      'GET / HTTP/1.1\r\nhost : x\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      'POST /api/contacts HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n',
    ];
    const answers = await Promise.all(lines.map((line) => raw(line)));
    for (const [index, { text }] of answers.entries()) {
      expect({ line: lines[index], text: text.slice(0, 40) }).toEqual({
        line: lines[index],
        text: expect.stringMatching(/^$|^HTTP\/1\.1 (4\d\d|505)/),
      });
      expect(text).not.toMatch(/\n\s+at /);
    }
  });

  test('requests that come slowly are waited for no longer than it takes to send one', async () => {
    const answers = await slow;
    // Node says that it was too slow, and hangs up.
    for (const { text } of answers) expect(text).toMatch(/^HTTP\/1\.1 408/);
  });

  /** The head of a request and the first byte of its body, or less. */
  function slowly(method: string, path: string): Promise<{ text: string }> {
    const head = [
      `${method} ${path} HTTP/1.1`,
      `host: ${hostname}:${port}`,
      `cookie: ${cookies.owner}`,
      'content-type: application/json',
      'content-length: 1000',
    ];
    return raw(`${head.join('\r\n')}\r\n\r\n{`);
  }
});

/** Sends this and waits for the answer, or for the end. */
async function raw(sent: string): Promise<{ text: string }> {
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
    socket.end();
  });
  socket.on('error', () => undefined);
  socket.write(sent, 'latin1');
  await once(socket, 'close');
  return { text };
}
