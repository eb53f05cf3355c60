import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import express5 from 'express';
import { securityHeadersMiddleware } from '../../src/express';
import { createSecurityHeaders } from '../../src/headers';

const express4 = require('express-4') as typeof express5;
let server: Server;

async function listen(made: Server): Promise<string> {
  server = made.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
afterEach(() => new Promise((resolve) => server.close(resolve)));

describe.each([
  ['5', express5],
  ['4', express4],
])('Express %s', (_, express) => {
  test('sets the headers, leaves the nonce to templates, and does not say what serves', async () => {
    const app = express().use(securityHeadersMiddleware());
    app.get('/', (_request, response) => void response.send(response.locals.cspNonce));
    const url = await listen(createServer(app));
    const [first, second] = [await fetch(url), await fetch(url)];
    const nonce = await first.text();
    expect(first.headers.get('content-security-policy')).toContain(`'nonce-${nonce}'`);
    expect(await second.text()).not.toBe(nonce);
    expect(first.headers.get('x-frame-options')).toBe('DENY');
    expect(first.headers.has('x-powered-by')).toBe(false);
    expect(first.headers.has('strict-transport-security')).toBe(false);
    const behind = await fetch(url, { headers: { 'x-forwarded-proto': 'https' } });
    expect(behind.headers.has('strict-transport-security')).toBe(true);
  });
});

test('works without Express', async () => {
  const middleware = securityHeadersMiddleware(createSecurityHeaders());
  const url = await listen(
    createServer((request, response) => middleware(request, response, () => response.end())),
  );
  expect((await fetch(url)).headers.get('x-content-type-options')).toBe('nosniff');
});
