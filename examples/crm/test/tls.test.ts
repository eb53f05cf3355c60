import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { describe, expect, test } from '@jest/globals';
import type { TlsHop } from '@unite/crypto/tls';
import { makeCertificates } from '@unite/services/certificates';

const origin = process.env.TEST_TLS_ORIGIN ?? '';
const directory = process.env.TEST_TLS_DIRECTORY ?? '';
const port = Number(new URL(origin).port);
const ca = readFileSync(join(directory, 'ca.crt'));

describe('the application over TLS', () => {
  test('answers over https, with what PostgreSQL and Redis gave over TLS', async () => {
    expect(origin).toMatch(/^https:/);
    expect((await ask('/')).status).toBe(200);
    const { status, text } = await ask('/api/contacts');
    expect(status).toBe(200);
    expect(JSON.parse(text).total).toBeGreaterThan(0);
    expect(JSON.parse((await ask('/health/ready')).text)).toMatchObject({ status: 'up' });
  });

  test('every hop passes: the website, each server of the database, each standby, Redis', async () => {
    const { hops } = JSON.parse((await ask('/api/ops/tls')).text) as { hops: TlsHop[] };
    expect(hops.filter(({ status }) => status !== 'passed')).toEqual([]);
    const from = hops.map((hop) => hop.from);
    expect(from.slice(0, 6)).toEqual(['browser', 'app', 'app', 'app', 'replica_1', 'replica_2']);
    for (const hop of hops) {
      expect(hop).toMatchObject({ protocol: 'TLSv1.3', acceptsTls12: false, acceptsPlaintext: false });
    }
  });

  test('refuses TLS 1.2, and has nothing to say without TLS', async () => {
    await expect(handshake('TLSv1.2')).rejects.toMatchObject({
      code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    });
    expect((await handshake('TLSv1.3')).protocol).toBe('TLSv1.3');
    const socket = connectTcp(port, '127.0.0.1').on('error', () => {});
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk;
    });
    socket.write('GET /api/contacts HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'close');
    expect(heard).toBe('');
  });

  test('serves a renewed certificate without a restart', async () => {
    const { serialNumber } = await handshake('TLSv1.3');
    await makeCertificates({ directory });
    const deadlineAtMs = Date.now() + 60_000;
    while ((await handshake('TLSv1.3')).serialNumber === serialNumber) {
      if (Date.now() > deadlineAtMs) throw new Error('the certificate is still the old one');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect((await ask('/')).status).toBe(200);
  });

  test.each([
    [
      'a key of another certificate',
      { TLS_KEY_FILE: join(directory, 'client.key') },
      /client\.key is not the key of/,
    ],
    ['a key and no certificate', { TLS_CERT_FILE: '' }, /TLS_CERT_FILE and TLS_KEY_FILE belong together/],
  ])('does not start with %s', async (_, change, message) => {
    const env = {
      NODE_ENV: 'production' as const,
      PATH: process.env.PATH,
      DATABASE_URL: process.env.TEST_TLS_DATABASE_URL,
      TLS_CERT_FILE: join(directory, 'server.crt'),
      TLS_KEY_FILE: join(directory, 'server.key'),
      ...change,
    };
    const child = spawn(process.execPath, ['scripts/serve.mjs'], { cwd: join(__dirname, '..'), env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    const [code] = await once(child, 'close');
    expect(code).not.toBe(0);
    expect(output).toMatch(message);
  });
});

test('without TLS it is said which hops are not encrypted', async () => {
  const response = await fetch(new URL('/api/ops/tls', process.env.TEST_ORIGIN), {
    headers: { 'x-demo-workspace': 'harbour' },
  });
  const { hops } = (await response.json()) as { hops: TlsHop[] };
  expect(hops.length).toBeGreaterThanOrEqual(4);
  for (const { protocol, status, detail } of hops) {
    expect({ protocol, status }).toEqual({ status: 'failed' });
    expect(detail).toMatch(/^not encrypted: /);
  }
});

/** A request as a workspace's owner, to a server that the authority vouches for. */
async function ask(path: string): Promise<{ status: number | undefined; text: string }> {
  const headers = { 'x-demo-workspace': 'harbour' };
  const [response] = await once(get(new URL(path, origin), { agent: false, ca, headers }), 'response');
  response.setEncoding('utf8');
  let text = '';
  for await (const part of response) text += part;
  return { status: response.statusCode, text };
}

function handshake(
  maxVersion: 'TLSv1.2' | 'TLSv1.3',
): Promise<{ protocol: string | null; serialNumber: string }> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connectTls({ host: '127.0.0.1', port, ca, maxVersion }, () => {
      resolve({ protocol: socket.getProtocol(), serialNumber: socket.getPeerCertificate().serialNumber });
      socket.destroy();
    });
    socket.once('error', reject);
  });
}
