import { mkdirSync, writeFileSync } from 'node:fs';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

export const origin = process.env.TEST_ATTACK_ORIGIN ?? '';

export interface Attack {
  readonly method?: string | undefined;
  /** Sent as it is: nothing in it is normalised. */
  readonly path: string;
  readonly cookie?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly json?: unknown;
  readonly body?: string | Buffer | undefined;
  readonly origin?: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly tookMs: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const counts = new Map<string, number>();

/** Asks the application, and counts that it was asked. */
export async function attack(
  template: string,
  {
    method = 'GET',
    path,
    cookie,
    headers,
    json,
    body = json === undefined ? undefined : JSON.stringify(json),
    origin: at = origin,
  }: Attack,
): Promise<Answer> {
  counted(template);
  const startedAtMs = performance.now();
  const { hostname, port } = new URL(at);
  const asked = request({
    agent,
    host: hostname,
    port,
    method,
    path,
    headers: {
      ...(cookie !== undefined && { cookie }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
      ...headers,
    },
  });
  return new Promise((resolve, reject) => {
    // The server may end a connection that was idle, just as it is used again.
    asked.on('error', (error) =>
      asked.reusedSocket
        ? resolve(attack(template, { method, path, cookie, headers, body, origin: at }))
        : reject(error),
    );
    asked.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
          tookMs: performance.now() - startedAtMs,
        }),
      );
    });
    asked.end(body);
  });
}

/** One more request of a route, which another than {@link attack} sends. */
export function counted(template: string): void {
  counts.set(template, (counts.get(template) ?? 0) + 1);
}

/** The cookies that an answer sets, as the next request sends them. */
export function cookiesOf({ headers }: Answer): string {
  return (headers['set-cookie'] ?? []).map((line) => line.split(';')[0] ?? '').join('; ');
}

/**
 * Leaves how often each route was attacked in this file where `ATTACK_REPORT` names a folder; the table of
 * docs/security-audit.md is made of it.
 */
export function reportAs(attackClass: string): void {
  afterAll(() => {
    agent.destroy();
    const folder = process.env.ATTACK_REPORT;
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${attackClass}.json`), JSON.stringify(Object.fromEntries(counts)));
  });
}
