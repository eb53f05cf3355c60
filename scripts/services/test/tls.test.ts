import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { makeCertificates } from '../src/certificates/make-certificates';
import { withClient } from '../src/postgres/sql';
import { startPostgres } from '../src/postgres/start-postgres';
import { askRedis } from '../src/redis/ask-redis';
import { startRedis } from '../src/redis/start-redis';
import { startServices } from '../src/start-services';
import type { Certificates, PostgresCluster, PostgresNode } from '../src/types';
import { cleanUp, eventually, temporaryDirectory, toolsDirectory } from './support';

afterAll(cleanUp);

describe('makeCertificates', () => {
  it('makes certificates that its authority has signed, and keys that are closed to others', async () => {
    const made = await makeCertificates({
      directory: join(temporaryDirectory(), 'tls'),
      hosts: ['127.0.0.1', 'db.test'],
    });
    const authority = new X509Certificate(readFileSync(made.caPath));
    const server = new X509Certificate(readFileSync(made.certPath));
    expect(readFileSync(made.caPath, 'utf8').trim()).toBe(made.ca.trim());
    expect(authority.ca).toBe(true);
    expect(server.ca).toBe(false);
    expect(server.checkIssued(authority) && server.verify(authority.publicKey)).toBe(true);
    expect([
      server.checkIP('127.0.0.1'),
      server.checkHost('db.test'),
      server.checkHost('other.test'),
    ]).toEqual(['127.0.0.1', 'db.test', undefined]);
    for (const path of [made.keyPath, made.clientKeyPath, join(made.directory, 'ca.key')]) {
      expect(statSync(path).mode & 0o777).toBe(0o600);
    }
  });

  it('renews under the same authority', async () => {
    const directory = temporaryDirectory();
    const first = await makeCertificates({ directory });
    const before = readFileSync(first.certPath, 'utf8');
    const second = await makeCertificates({ directory });
    expect(second.ca).toBe(first.ca);
    expect(readFileSync(second.certPath, 'utf8')).not.toBe(before);
  });

  it.each([
    ['no host', { hosts: [] }, /"hosts"/],
    ['an end before its beginning', { validFromMs: 2, expiresAtMs: 1 }, /"expiresAtMs"/],
  ])('refuses %s', async (_, options, message) => {
    const refusal = makeCertificates({ directory: temporaryDirectory(), ...options });
    await expect(refusal).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(message),
    });
  });

  it('says where nothing can be kept', async () => {
    const made = await makeCertificates({ directory: temporaryDirectory() });
    await expect(makeCertificates({ directory: made.caPath })).rejects.toMatchObject({
      code: 'DIRECTORY_UNUSABLE',
    });
  });
});

describe('servers over TLS', () => {
  let tls: Certificates;

  beforeAll(async () => {
    tls = await makeCertificates({ directory: temporaryDirectory() });
  });

  describe('PostgreSQL', () => {
    let cluster: PostgresCluster;

    beforeAll(async () => {
      cluster = await startPostgres({ replicas: 2, tls });
    });
    afterAll(() => cluster?.close());

    it('streams to its standbys over TLS 1.3', async () => {
      expect(await replicationProtocols(cluster.primaryUrl, tls.ca)).toEqual([
        { name: 'replica_1', version: 'TLSv1.3' },
        { name: 'replica_2', version: 'TLSv1.3' },
      ]);
    });

    it('serves over TLS 1.3 on every node, and lets nobody in without', async () => {
      for (const { url } of cluster.nodes) {
        expect(
          await rowsOf(url, 'SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()', tls.ca),
        ).toEqual([{ version: 'TLSv1.3' }]);
        await expect(rowsOf(url, 'SELECT 1')).rejects.toThrow(/no encryption/);
        const old = new pg.Client({ connectionString: url, ssl: { ca: tls.ca, maxVersion: 'TLSv1.2' } });
        await expect(old.connect()).rejects.toThrow(/protocol version/);
      }
    });

    it('speaks TLS after a failover, to its clients and to a standby that follows another', async () => {
      await using failing = await startPostgres({ replicas: 2, tls });
      const [primary, next, other] = failing.nodes as [PostgresNode, PostgresNode, PostgresNode];
      await primary.kill('SIGKILL');
      await rowsOf(next.url, 'SELECT pg_promote()', tls.ca);
      const [{ conninfo } = { conninfo: '' }] = await rowsOf<{ conninfo: string }>(
        other.url,
        "SELECT current_setting('primary_conninfo') AS conninfo",
        tls.ca,
      );
      const repointed = conninfo.replace(`port=${primary.port}`, `port=${next.port}`);
      await rowsOf(other.url, `ALTER SYSTEM SET primary_conninfo = '${repointed}'`, tls.ca);
      await rowsOf(other.url, 'SELECT pg_reload_conf()', tls.ca);
      await eventually(async () => (await replicationProtocols(next.url, tls.ca)).length === 1);
      expect(await replicationProtocols(next.url, tls.ca)).toEqual([
        { name: 'replica_2', version: 'TLSv1.3' },
      ]);
    });

    it('keeps a standby from a primary that another authority vouches for', async () => {
      const foreign = await makeCertificates({ directory: temporaryDirectory() });
      const start = startPostgres({
        replicas: 1,
        tls: { ...tls, caPath: foreign.caPath },
        timeoutMs: 15_000,
      });
      await expect(start).rejects.toMatchObject({
        code: 'POSTGRES_FAILED',
        message: expect.stringContaining('certificate verify failed'),
      });
    });
  });

  it('Redis has a port for TLS 1.3 and no other', async () => {
    await using redis = await startRedis({ toolsDirectory, tls });
    expect(redis.url).toMatch(/^rediss:/);
    expect(await askRedis(redis.url, ['PING'], { ca: tls.ca })).toBe('PONG');
    await expect(askRedis(redis.url, ['PING'])).rejects.toThrow(/certificate/);
    await expect(askRedis(redis.url.replace('rediss', 'redis'), ['PING'])).rejects.toThrow();
    await expect(handshake(Number(new URL(redis.url).port), tls.ca, 'TLSv1.2')).rejects.toThrow(
      /protocol version/,
    );
    expect(await handshake(Number(new URL(redis.url).port), tls.ca, 'TLSv1.3')).toBe('TLSv1.3');
  });

  it('startServices starts both so, and says by what they are trusted', async () => {
    await using services = await startServices({ replicas: 0, toolsDirectory, tls });
    expect(services.env).toMatchObject({
      REDIS_URL: expect.stringMatching(/^rediss:/),
      TLS_CA_FILE: tls.caPath,
      TLS_CERT_FILE: tls.certPath,
      TLS_KEY_FILE: tls.keyPath,
    });
    expect(await rowsOf(services.databaseUrl, 'SELECT 1 AS one', services.postgres?.ca)).toEqual([
      { one: 1 },
    ]);
    // What the environment names is trusted by its authority.
    await using second = await startServices({ env: services.env, tls });
    expect(second.postgres).toBeUndefined();
  });
});

function replicationProtocols(url: string, ca: string) {
  return rowsOf(
    url,
    'SELECT application_name AS name, version FROM pg_stat_replication JOIN pg_stat_ssl USING (pid) ORDER BY 1',
    ca,
  );
}

function rowsOf<Row = unknown>(url: string, text: string, ca?: string): Promise<Row[]> {
  return withClient(url, async (client) => (await client.query(text)).rows, ca);
}

function handshake(port: number, ca: string, version: 'TLSv1.2' | 'TLSv1.3'): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect(
      { host: '127.0.0.1', port, ca, minVersion: version, maxVersion: version },
      () => {
        resolve(socket.getProtocol());
        socket.destroy();
      },
    );
    socket.once('error', reject);
  });
}
