import { execFile } from 'node:child_process';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { runProgram } from '../support/run-program';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const drip: RequestListener = (_, response) => {
  response.writeHead(200);
  const timer = setInterval(() => response.write('x'), 100);
  response.on('close', () => clearInterval(timer));
};

describe('a process that has closed its tracing ends', () => {
  it.each<[string, RequestListener | undefined, RegExp]>([
    ['refuses', undefined, /ECONNREFUSED/],
    ['answers 503', (_, response) => void response.writeHead(503).end(), /503/],
    ['never answers', () => {}, /closed before the receiver answered/],
    ['answers a byte now and then', drip, /closed before the receiver answered/],
  ])('while the receiver %s', async (_, listener, lastError) => {
    const url = listener ? await serve(listener) : 'http://127.0.0.1:1';
    const told = await runProgram<{ lingeredMs: number; lastError: string }>([
      join(__dirname, 'fixtures/closes.mjs'),
      url,
    ]);
    expect(told.lastError).toMatch(lastError);
    // A receiver that is asked has ten seconds.
    expect(told.lingeredMs).toBeLessThan(8_000);
  });
});

/** It gives the last spans two seconds. A receiver that is asked has ten. */
describe('a process that only registers ends', () => {
  it.each([
    ['at once', 0],
    ['after a while', 1_500],
  ])('in time, and says that nothing was sent: a script that is over %s', async (_, busyMs) => {
    const program = `
      const { span } = require('@unite/tracing');
      span('lost', () => {});
      const startedAtMs = performance.now();
      setTimeout(() => {}, ${busyMs});
      process.on('exit', () => process.stdout.write(String(performance.now() - startedAtMs)));
    `;
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--require', '@unite/tracing/register', '--eval', program],
      { env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: '127.0.0.1:1' }, timeout: 150_000 },
    );
    expect(Number(stdout)).toBeLessThan(busyMs + 8_000);
    expect(stderr.match(/\[UNITE_TRACING_\w+\]/g)).toEqual(['[UNITE_TRACING_EXPORT_FAILS]']);
    expect(stderr).toContain('ECONNREFUSED');
    expect(stderr).not.toContain('already been initialized');
  });
});
