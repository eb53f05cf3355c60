import { chownSync, statSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startPostgres } from '@unite/services';
import { Client } from 'pg';
import { verifyDatabase, verifyTls } from '../../../src/verify';
import { oldProtocolFinding } from '../../../src/verify/tls/protocol-findings';
import { type Certificate, issue } from '../support/certificates';
import { findingsAbout, findingsOf, statuses } from '../support/findings-of';
import { until } from '../support/until';

let root: Certificate;
let intermediate: Certificate;
let leaf: Certificate;

beforeAll(() => {
  root = issue({ name: 'Test Root', isAuthority: true, toDays: 3_650 });
  intermediate = issue({ name: 'Test Intermediate', isAuthority: true, issuer: root });
  leaf = issue({ name: 'app', hosts: ['localhost', '127.0.0.1'], issuer: intermediate });
});

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(close));
});

async function close(server: Server): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
}

async function listen(server: Server): Promise<{ host: string; port: number }> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { host: 'localhost', port: (server.address() as AddressInfo).port };
}

/** A server with a certificate and the given chain behind it. */
async function serve(certificate: Certificate, chain: readonly Certificate[] = [], options: TlsOptions = {}) {
  const cert = [certificate, ...chain].map((one) => one.cert).join('');
  const server = createTlsServer({ key: certificate.key, cert, ...options }, (socket) => {
    socket.on('error', () => undefined);
  });
  server.on('tlsClientError', () => undefined);
  return { ...(await listen(server)), ca: root.cert, timeoutMs: 2_000 };
}

test('a sound server: TLS 1.3 alone, a full chain, the right name', async () => {
  const target = await serve(leaf, [intermediate]);
  expect(await findingsOf(verifyTls(target))).toEqual([
    {
      subject: 'protocol',
      status: 'passed',
      detail: expect.stringMatching(/^TLSv1\.3 with TLS_/),
      measured: {
        protocol: 'TLSv1.3',
        cipher: expect.stringMatching(/^TLS_/),
        handshakeMs: expect.any(Number),
      },
    },
    { subject: 'old protocols', status: 'passed', detail: 'TLS 1.0 and 1.1 are refused' },
    {
      subject: 'certificate',
      status: 'passed',
      detail: expect.stringMatching(/^is trusted, for localhost, until \d{4}-\d\d-\d\d$/),
      measured: { expiresInDays: 89 },
    },
  ]);
  expect(statuses(await findingsOf(verifyTls({ ...target, servername: '127.0.0.1' })))).toMatchObject({
    certificate: 'passed',
  });
});

describe('certificates', () => {
  test('expired', async () => {
    const expired = issue({ name: 'app', hosts: ['localhost'], issuer: root, fromDays: -90, toDays: -3 });
    expect(await findingsAbout('certificate', verifyTls(await serve(expired)))).toEqual([
      {
        subject: 'certificate',
        status: 'failed',
        detail: expect.stringMatching(/^expired on \d{4}-\d\d-\d\d$/),
        remedy: 'Renew it, and look why that does not happen by itself.',
        measured: { expiresInDays: -3 },
      },
    ]);
  });

  test('expires soon', async () => {
    const target = await serve(issue({ name: 'app', hosts: ['localhost'], issuer: root, toDays: 5.5 }));
    expect(await findingsAbout('certificate', verifyTls(target))).toEqual([
      {
        subject: 'certificate',
        status: 'warned',
        detail: expect.stringMatching(/^expires on \d{4}-\d\d-\d\d, in 5 days$/),
        remedy: 'Renew it, and look why that does not happen by itself.',
        measured: { expiresInDays: 5 },
      },
    ]);
    expect(statuses(await findingsOf(verifyTls({ ...target, expiresWithinDays: 5 })))).toMatchObject({
      certificate: 'passed',
    });
  });

  test('not valid yet', async () => {
    const target = await serve(issue({ name: 'app', hosts: ['localhost'], issuer: root, fromDays: 2 }));
    expect(await findingsAbout('certificate', verifyTls(target))).toEqual([
      {
        subject: 'certificate',
        status: 'failed',
        detail: expect.stringMatching(/^is not valid before \d{4}-\d\d-\d\d$/),
        remedy: 'Wait, or look at the clocks of this machine and of the one that issued it.',
      },
    ]);
  });

  test('for other names, of which a few are told', async () => {
    const hosts = ['a.test', 'b.test', 'c.test', 'd.test', 'e.test', 'f.test', 'g.test'];
    const target = await serve(issue({ name: 'other', hosts, issuer: root }));
    expect(await findingsOf(verifyTls(target))).toContainEqual({
      subject: 'host name',
      status: 'failed',
      detail:
        'the certificate is not for localhost, but for DNS:a.test, DNS:b.test, DNS:c.test, DNS:d.test, DNS:e.test and 2 more',
      remedy: 'Issue it for this name as well, or connect by a name that it is for.',
    });
    expect(statuses(await findingsOf(verifyTls({ ...target, servername: 'a.test' })))).toMatchObject({
      certificate: 'passed',
    });
  });

  test('for no name at all', async () => {
    const [finding] = await findingsAbout(
      'host name',
      verifyTls(await serve(issue({ name: 'x', issuer: root }))),
    );
    expect(finding?.detail).toBe('the certificate is not for localhost, but for no name');
  });

  test('self-signed', async () => {
    const target = await serve(issue({ name: 'app', hosts: ['localhost'] }));
    expect(await findingsAbout('certificate chain', verifyTls(target))).toEqual([
      {
        subject: 'certificate chain',
        status: 'failed',
        detail: 'the certificate is self-signed: nobody vouches for it',
        remedy: 'Get one from an authority, or give this one as `ca` if it is meant.',
      },
    ]);
  });

  test('without its intermediate', async () => {
    expect(await findingsAbout('certificate chain', verifyTls(await serve(leaf)))).toEqual([
      {
        subject: 'certificate chain',
        status: 'failed',
        detail:
          'the server does not send the certificate of its issuer "Test Intermediate", which is not known here',
        remedy:
          'Let the server send the intermediate certificates too (the full chain), or give a private authority as `ca`.',
      },
    ]);
  });

  test('from an authority that is not known', async () => {
    const { ca: _, ...target } = await serve(leaf, [intermediate]);
    expect(await findingsAbout('certificate chain', verifyTls(target))).toEqual([
      {
        subject: 'certificate chain',
        status: 'failed',
        detail: 'it ends at an authority that is not known here (UNABLE_TO_GET_ISSUER_CERT_LOCALLY)',
        remedy: 'Give the private authority as `ca`, or get a certificate from a public one.',
      },
    ]);
  });

  test('below an authority that has expired', async () => {
    const old = issue({ name: 'Old', isAuthority: true, issuer: root, fromDays: -90, toDays: -1 });
    const target = await serve(issue({ name: 'app', hosts: ['localhost'], issuer: old }), [old]);
    expect(await findingsAbout('certificate chain', verifyTls(target))).toEqual([
      {
        subject: 'certificate chain',
        status: 'failed',
        detail: 'an authority above the certificate has expired',
        remedy: 'Let the server send the current intermediate certificates, and renew a private authority.',
      },
    ]);
  });

  test('below an authority that is not valid yet', async () => {
    const young = issue({ name: 'Young', isAuthority: true, issuer: root, fromDays: 3 });
    const target = await serve(issue({ name: 'app', hosts: ['localhost'], issuer: young }), [young]);
    const [finding] = await findingsAbout('certificate chain', verifyTls(target));
    expect(finding?.detail).toBe('an authority above the certificate is not valid yet');
  });

  test('with a key that is too short', async () => {
    const weak = issue({ name: 'app', hosts: ['localhost'], issuer: root, bits: 1_024 });
    const target = await serve(weak, [], { ciphers: 'DEFAULT:@SECLEVEL=0' });
    expect(await findingsAbout('certificate key', verifyTls(target))).toEqual([
      {
        subject: 'certificate key',
        status: 'failed',
        detail: 'RSA with 1024 bits is too short',
        remedy: 'Issue the certificate for a new key: ECDSA P-256, or RSA with 2048 bits or more.',
        measured: { bits: 1_024 },
      },
    ]);
  });

  test('several things at once are each named', async () => {
    const bad = issue({ name: 'x', hosts: ['x.test'], bits: 1_024, fromDays: -9, toDays: -1 });
    const target = await serve(bad, [], { ciphers: 'DEFAULT:@SECLEVEL=0' });
    expect(statuses(await findingsOf(verifyTls(target)))).toMatchObject({
      certificate: 'failed',
      'host name': 'failed',
      'certificate key': 'failed',
    });
  });
});

describe('protocols', () => {
  test('TLS 1.2 is warned of, or failed where more is asked for', async () => {
    const target = await serve(leaf, [intermediate], { maxVersion: 'TLSv1.2' });
    const remedy = 'Let the server speak TLS 1.3.';
    expect(await findingsAbout('protocol', verifyTls(target))).toEqual([
      expect.objectContaining({
        status: 'warned',
        detail: 'TLSv1.2 is the best that it speaks, below TLSv1.3',
        remedy,
      }),
    ]);
    expect(await findingsAbout('protocol', verifyTls({ ...target, minVersion: 'TLSv1.3' }))).toEqual([
      expect.objectContaining({
        status: 'failed',
        detail: 'TLSv1.2 is the best that it speaks, below TLSv1.3',
        remedy,
      }),
    ]);
  });

  test('TLS 1.1 as the best', async () => {
    const target = await serve(leaf, [intermediate], {
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT:@SECLEVEL=0',
    });
    const findings = await findingsOf(verifyTls(target));
    expect(findings[0]).toMatchObject({
      subject: 'protocol',
      status: 'failed',
      detail: 'TLSv1.1 is the best that it speaks, below TLSv1.2',
    });
    const allowed = await findingsOf(verifyTls({ ...target, minVersion: 'TLSv1.1', warnBelow: 'TLSv1.1' }));
    expect(statuses(allowed)).toEqual({ protocol: 'passed', certificate: 'passed' });
  });

  test('old ones beside the new one', async () => {
    const target = await serve(leaf, [intermediate], { minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' });
    const finding = {
      subject: 'old protocols',
      status: 'warned',
      detail: 'TLSv1.1 is accepted from those who ask for no better one',
      remedy: 'Turn TLS 1.0 and 1.1 off at the server: ssl_min_protocol_version, ssl_protocols, minVersion.',
    };
    expect(await findingsAbout('old protocols', verifyTls(target))).toEqual([finding]);
    expect(await findingsAbout('old protocols', verifyTls({ ...target, oldProtocols: 'failed' }))).toEqual([
      { ...finding, status: 'failed' },
    ]);
  });

  test('old ones that cannot be tried from here', () => {
    const error = Object.assign(new Error('no protocols'), { code: 'ERR_SSL_NO_PROTOCOLS_AVAILABLE' });
    expect(oldProtocolFinding({ error }, 'failed')).toEqual({
      subject: 'old protocols',
      status: 'skipped',
      detail: 'this build of OpenSSL cannot speak them itself',
    });
  });

  test('application protocols', async () => {
    const target = await serve(leaf, [intermediate], { ALPNProtocols: ['h2'] });
    expect(await findingsAbout('application protocol', verifyTls({ ...target, alpn: 'h2' }))).toEqual([
      { subject: 'application protocol', status: 'passed', detail: 'h2 is agreed on' },
    ]);
    const refused = {
      subject: 'application protocol',
      status: 'failed',
      detail: 'http/1.1 is not agreed on',
      remedy: 'Turn it on at the server, or at the proxy that ends TLS.',
    };
    expect(await findingsOf(verifyTls({ ...target, alpn: 'http/1.1' }))).toEqual([refused]);
    const silent = await serve(leaf, [intermediate]);
    expect(await findingsAbout('application protocol', verifyTls({ ...silent, alpn: 'http/1.1' }))).toEqual([
      refused,
    ]);
  });
});

describe('no handshake', () => {
  const only = async (options: Parameters<typeof verifyTls>[0]) =>
    await findingsOf(verifyTls({ timeoutMs: 2_000, ...options }));

  test('a server that speaks plain text', async () => {
    const target = await listen(createHttpServer((_, response) => response.end('hello')));
    expect(await only(target)).toEqual([
      {
        subject: 'handshake',
        status: 'failed',
        detail: 'the server speaks plain text',
        remedy: 'Turn on TLS at the server, or correct the port; for PostgreSQL say `protocol: "postgres"`.',
      },
    ]);
  });

  test('a server that is not there', async () => {
    const target = await listen(createServer());
    await close(servers.pop() as Server);
    expect(await only(target)).toEqual([
      {
        subject: 'handshake',
        status: 'failed',
        detail: 'the server refuses connections (ECONNREFUSED)',
        remedy: 'Start it, or correct host and port.',
      },
    ]);
  });

  test('a server that says nothing', async () => {
    const target = await listen(createServer((socket) => void socket.on('error', () => undefined).resume()));
    expect(await only({ ...target, timeoutMs: 200 })).toEqual([
      {
        subject: 'handshake',
        status: 'failed',
        detail: 'the server does not answer within 200 ms',
        remedy: 'Look whether it is frozen or overloaded, and whether a firewall drops the packets.',
      },
    ]);
    const stop = new AbortController();
    const run = findingsOf(verifyTls(target), stop.signal);
    setTimeout(() => stop.abort(new Error('enough')), 50);
    expect(await run).toEqual([
      { subject: 'handshake', status: 'skipped', detail: 'the server had not answered when the run ended' },
    ]);
  });

  test('a server that hangs up', async () => {
    const target = await listen(
      createServer(
        (socket) =>
          void socket
            .on('error', () => undefined)
            .resume()
            .end(),
      ),
    );
    const [finding] = await only(target);
    expect(finding).toMatchObject({
      subject: 'handshake',
      status: 'failed',
      detail: expect.stringMatching(/^fails: /),
      remedy: 'Look into the log of the server, and whether this port speaks TLS at all.',
    });
  });

  test('a server that is no PostgreSQL', async () => {
    const target = await listen(
      createServer(
        (socket) =>
          void socket
            .on('error', () => undefined)
            .resume()
            .end('E'),
      ),
    );
    expect(await only({ ...target, protocol: 'postgres' })).toEqual([
      {
        subject: 'handshake',
        status: 'failed',
        detail: 'no answer of PostgreSQL',
        remedy: 'Turn on ssl at the server, with ssl_cert_file and ssl_key_file.',
      },
    ]);
  });
});

describe('PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof startPostgres>>;

  beforeAll(async () => {
    database = await startPostgres({ replicas: 0 });
  });
  afterAll(async () => {
    await database?.close();
  });

  async function query(text: string, values?: unknown[]) {
    const client = new Client(database.primaryUrl);
    await client.connect();
    const { rows } = await client.query(text, values);
    await client.end();
    return rows;
  }

  const target = () => ({ host: 'localhost', port: database.nodes[0].port, protocol: 'postgres' }) as const;

  test('without TLS refuses it', async () => {
    expect(await findingsOf(verifyTls(target()))).toEqual([
      {
        subject: 'handshake',
        status: 'failed',
        detail: 'PostgreSQL answers that it does no TLS',
        remedy: 'Turn on ssl at the server, with ssl_cert_file and ssl_key_file.',
      },
    ]);
  });

  test('with TLS is proven, by its own request, and so is the connection', async () => {
    const [{ data_directory: directory }] = (await query('SHOW data_directory')) as [
      { data_directory: string },
    ];
    const { uid, gid } = statSync(directory);
    const file = (name: string, text: string): string => {
      const path = join(directory, name);
      writeFileSync(path, text, { mode: 0o600 });
      chownSync(path, uid, gid);
      return path;
    };
    const cert = file('verify.crt', leaf.cert + intermediate.cert);
    const key = file('verify.key', leaf.key);
    await query(`ALTER SYSTEM SET ssl_cert_file = '${cert}'`);
    await query(`ALTER SYSTEM SET ssl_key_file = '${key}'`);
    await query('ALTER SYSTEM SET ssl = on');
    await query('SELECT pg_reload_conf()');
    await until(async () => (await query('SHOW ssl'))[0].ssl === 'on', 'ssl is on');
    expect(statuses(await findingsOf(verifyTls({ ...target(), ca: [root.cert] })))).toEqual({
      protocol: 'passed',
      'old protocols': 'passed',
      certificate: 'passed',
    });
    const nodes = [{ name: 'db-1', url: database.primaryUrl }];
    const ssl = { ca: root.cert };
    expect(
      await findingsAbout('TLS of db-1', verifyDatabase({ nodes, Client, ssl, requireTls: true })),
    ).toEqual([{ subject: 'TLS of db-1', status: 'passed', detail: 'the connection is encrypted' }]);
  });
});

test.each<[string, object, string]>([
  ['no host', { port: 443 }, 'option "host" must be a non-empty string'],
  ['no port', { host: 'a', port: 70_000 }, 'option "port" must be a port'],
  ['a version', { host: 'a', port: 1, minVersion: 'SSLv3' }, 'option "minVersion" must be "TLSv1"'],
  ['a protocol', { host: 'a', port: 1, protocol: 'smtp' }, 'option "protocol" must be "tls" or "postgres"'],
  ['a gravity', { host: 'a', port: 1, oldProtocols: 'warn' }, 'option "oldProtocols" must be'],
  ['an authority', { host: 'a', port: 1, ca: 7 }, 'option "ca" must be PEM text, bytes, or a list of them'],
])('what is no option is refused: %s', (_, options, message) => {
  expect(() => verifyTls(options as never)).toThrow(message);
});

test('name and time', () => {
  expect(verifyTls({ host: 'a', port: 1, name: 'edge', timeoutMs: 100 })).toMatchObject({
    name: 'edge',
    timeoutMs: 1_200,
  });
  expect(verifyTls({ host: 'a', port: 1 })).toMatchObject({ name: 'tls', timeoutMs: 7_000 });
});
