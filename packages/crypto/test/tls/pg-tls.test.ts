import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PostgresCluster, startPostgres } from '@unite/services';
import pg from 'pg';
import { CryptoError } from '../../src';
import { pgTls } from '../../src/tls';
import { certificates, cleanUp, postgresLike, tcp } from './support';

describe('pgTls', () => {
  let own: Awaited<ReturnType<typeof certificates>>;
  let cluster: PostgresCluster;

  beforeAll(async () => {
    own = await certificates({ hosts: ['127.0.0.1'] });
    cluster = await startPostgres({ replicas: 0, tls: own });
  });
  afterAll(async () => {
    await cluster?.close();
    await cleanUp();
  });

  async function ask(config: pg.ClientConfig): Promise<unknown> {
    const client = new pg.Client({ connectionTimeoutMillis: 5_000, ...config });
    client.on('error', () => {});
    try {
      await client.connect();
      const { rows } = await client.query('SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
      return rows[0]?.version;
    } finally {
      await client.end().catch(() => {});
    }
  }

  it('connects by TLS 1.3, to a server that is reached by its address', async () => {
    expect(await ask(pgTls(cluster.primaryUrl, { ca: own.ca }))).toBe('TLSv1.3');
  });

  it.each([
    'sslmode=verify-full',
    'sslmode=require',
    'sslmode=verify-ca&uselibpqcompat=true',
    'ssl=true',
    'ssl=1',
  ])('takes out of the URL what demands no more: %s', async (query) => {
    const given = pgTls(`${cluster.primaryUrl}?${query}&application_name=crm`, { ca: own.ca });
    expect(given.connectionString).toBe(`${cluster.primaryUrl}?application_name=crm`);
    expect(await ask(given)).toBe('TLSv1.3');
  });

  describe('where pg lets the URL win over the option', () => {
    // What the helper is for: should pg change its mind, this says so.
    it('the driver alone talks plain text, or to anybody', async () => {
      const ssl = { ca: own.ca, minVersion: 'TLSv1.3' as const };
      await expect(ask({ connectionString: `${cluster.primaryUrl}?sslmode=disable`, ssl })).rejects.toThrow(
        /no encryption/,
      );
      const foreign = { ...ssl, ca: (await certificates()).ca };
      await expect(ask({ connectionString: cluster.primaryUrl, ssl: foreign })).rejects.toThrow(
        /certificate/,
      );
      expect(await ask({ connectionString: `${cluster.primaryUrl}?sslmode=no-verify`, ssl: foreign })).toBe(
        'TLSv1.3',
      );
    });

    it.each([
      ['sslmode=disable', '"sslmode=disable"'],
      ['sslmode=no-verify', '"sslmode=no-verify"'],
      ['sslmode=allow', '"sslmode=allow"'],
      ['sslmode=prefer', '"sslmode=prefer"'],
      ['sslmode=verify-full&sslmode=disable', '"sslmode=disable"'],
      ['sslmode=secret', '"sslmode"'],
      ['ssl%6Dode=disable', '"sslmode=disable"'],
      ['sslrootcert=/etc/secret.pem', '"sslrootcert"'],
      ['sslcert=/etc/secret.pem', '"sslcert"'],
      ['sslkey=/etc/secret.pem', '"sslkey"'],
      ['ssl=0', '"ssl=0"'],
      ['ssl=false', '"ssl=false"'],
      ['ssl=no-verify', '"ssl=no-verify"'],
      ['sslnegotiation=direct', '"sslnegotiation=direct"'],
      ['host=/tmp', '"host"'],
      ['host=secret.test', '"host"'],
      ['port=1', '"port"'],
    ])('refuses %s by its name, without the password', (query, named) => {
      const refusal = thrown(() => pgTls(`postgres://app:secret@db.test/crm?${query}`));
      expect(CryptoError.isInstance(refusal)).toBe(true);
      expect(refusal).toMatchObject({
        code: 'UNITE_CRYPTO_TLS_WEAK',
        message: expect.stringContaining(named),
      });
      expect(String(refusal.stack)).not.toMatch(/:secret@|secret\.|=secret/);
    });

    it('refuses the path of a socket, which has no TLS', () => {
      expect(thrown(() => pgTls('postgres://app:secret@%2Fvar%2Frun/crm'))).toMatchObject({
        code: 'UNITE_CRYPTO_TLS_WEAK',
      });
    });
  });

  it.each([
    '',
    'db.test/crm',
    'https://app:secret@db.test',
    'postgres:///crm',
    'postgres://app:secret@db:x/y',
    7,
  ])('refuses what is no URL of PostgreSQL, and does not show it: %#', (url) => {
    const refusal = thrown(() => pgTls(url as string));
    expect(refusal).toBeInstanceOf(TypeError);
    expect(refusal.message).toBe('pgTls: the URL must be postgres://… or postgresql://… with a host');
  });

  it.each([
    // Older releases of pg look for "localhost" where there is an address only.
    ['for another name, be it localhost', { hosts: ['localhost'] }, {}, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['that has expired', { expiresAtMs: Date.now() - 1_000, validFromMs: 0 }, {}, 'CERT_HAS_EXPIRED'],
    ['of TLS 1.2 at best', {}, { maxVersion: 'TLSv1.2' as const }, 'EPROTO'],
  ])('refuses a server %s', async (_, change, options, code) => {
    const made = await certificates(change);
    const port = await postgresLike({ cert: made.cert, key: made.key, ...options });
    const given = pgTls(`postgresql://app:secret@127.0.0.1:${port}/crm`, { ca: made.ca });
    expect(given.ssl.host).toBe('127.0.0.1');
    await expect(ask(given)).rejects.toMatchObject({ code });
  });

  it('refuses a server of another authority', async () => {
    await expect(ask(pgTls(cluster.primaryUrl, { ca: (await certificates()).ca }))).rejects.toThrow(
      /certificate/,
    );
  });

  it.each([
    ['N', /does not support SSL/],
    // CVE-2021-23214 and 23222: what somebody slips in before the handshake must not be taken for the server's.
    ['SR\0\0\0\x08\0\0\0\0', /establishing an SSL connection/],
    ['E', /establishing an SSL connection/],
  ])('goes no further with a server that answers %j before the handshake', async (answer, message) => {
    const heard: Buffer[] = [];
    const port = await tcp((socket, chunk) => {
      heard.push(chunk);
      socket.write(answer);
    });
    const url = `postgres://app:secret@127.0.0.1:${port}/crm`;
    await expect(ask(pgTls(url, { ca: own.ca }))).rejects.toThrow(message);
    // The request for TLS, and not a word of who wants what.
    expect(Buffer.concat(heard)).toHaveLength(8);
  });
});

function thrown(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}
