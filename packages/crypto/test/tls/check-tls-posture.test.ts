import { createServer } from 'node:net';
import { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PostgresCluster, type RedisService, startPostgres, startRedis } from '@unite/services';
import { Redis } from 'ioredis';
import pg from 'pg';
import { createClient } from 'redis';
import {
  checkTlsPosture,
  httpsHop,
  httpsServerOptions,
  pgHop,
  pgReplicationHop,
  pgTls,
  redisHop,
  redisTls,
  type TlsHop,
  type TlsHopCheck,
  tlsVerifier,
} from '../../src/tls';
import { certificates, cleanUp, https, listen, postgresLike, tcp } from './support';

describe('checkTlsPosture', () => {
  let own: Awaited<ReturnType<typeof certificates>>;
  let cluster: PostgresCluster;
  let redis: RedisService;

  beforeAll(async () => {
    own = await certificates();
    [cluster, redis] = await Promise.all([
      startPostgres({ replicas: 1, tls: own }),
      startRedis({ tls: own }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([cluster?.close(), redis?.close()]);
    await cleanUp();
  });

  async function look(hop: TlsHopCheck, options = {}): Promise<TlsHop> {
    const [found] = await checkTlsPosture({ hops: [hop], ...options });
    if (!found) throw new Error('no hop was seen');
    return found;
  }

  /** A certificate for a server of these tests, in its own hop. */
  async function hopTo(options: object, change = {}, trusted?: string) {
    const made = await certificates(change);
    const { url } = await https({ cert: made.cert, key: made.key, ...options });
    return httpsHop({ url, ca: trusted ?? made.ca });
  }

  it('lists every hop as both ends see it', async () => {
    const { url } = await https(httpsServerOptions({ cert: own.cert, key: own.key }));
    const { socket, ...given } = redisTls(redis.url, { ca: own.ca });
    const client = createClient({ ...given, socket });
    const hops = await checkTlsPosture({
      hops: [
        httpsHop({ url, ca: own.ca, from: 'browser' }),
        ...cluster.nodes.map((node) =>
          pgHop({ url: node.url, ca: own.ca, Client: pg.Client, name: node.name }),
        ),
        ...cluster.nodes.map((node) => pgReplicationHop({ url: node.url, ca: own.ca, Client: pg.Client })),
        redisHop({ url: redis.url, ca: own.ca, client }),
      ],
    });
    const seen = { protocol: 'TLSv1.3', acceptsTls12: false, acceptsPlaintext: false, status: 'passed' };
    expect(hops).toEqual([
      expect.objectContaining({ from: 'browser', to: new URL(url).host, ...seen }),
      expect.objectContaining({ name: 'primary', from: 'app', ...seen }),
      expect.objectContaining({ name: 'replica_1', from: 'app', ...seen }),
      // None for the standby, from which nobody streams.
      expect.objectContaining({ name: expect.stringMatching(/, replication$/), from: 'replica_1', ...seen }),
      expect.objectContaining({ name: `Redis ${new URL(redis.url).host}`, from: 'app', ...seen }),
    ]);
    for (const { expiresAtMs, cipher } of hops) {
      expect(expiresAtMs).toBeGreaterThan(Date.now() + 80 * 86_400_000);
      expect(cipher).toMatch(/^TLS_/);
    }
    expect(hops[1]?.detail).toMatch(
      /^TLSv1.3 with TLS_\w+; TLS 1.2 and plain text are refused \(pg_stat_ssl: TLSv1.3, /,
    );
    expect(hops[4]?.detail).toMatch(/\(no port without TLS, TLSv1.3\)$/);
    // The client was opened for it.
    expect(client.isOpen).toBe(false);
  });

  it('warns of a server that takes TLS 1.2 as well, and fails one that speaks nothing newer', async () => {
    expect(await look(await hopTo({ minVersion: 'TLSv1.2' }))).toMatchObject({
      protocol: 'TLSv1.3',
      acceptsTls12: true,
      status: 'warned',
      detail: 'TLS 1.2 is accepted as well',
      remedy: expect.stringContaining('minVersion'),
    });
    expect(await look(await hopTo({ maxVersion: 'TLSv1.2' }))).toMatchObject({
      protocol: 'TLSv1.2',
      acceptsTls12: true,
      status: 'failed',
      detail: 'TLSv1.2 is the best that it speaks',
    });
  });

  it.each([
    ['from another authority', {}, /nobody who is trusted here \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)/],
    ['for another name', { hosts: ['other.test'] }, /for other names/],
    [
      'that has expired',
      { validFromMs: 0, expiresAtMs: Date.now() - 1_000 },
      /^the certificate has expired$/,
    ],
    ['of tomorrow', { validFromMs: Date.now() + 86_400_000 }, /not valid yet/],
  ])('fails a certificate %s', async (what, change, detail) => {
    const trusted = what === 'from another authority' ? own.ca : undefined;
    const options = { minVersion: 'TLSv1.3' };
    expect(await look(await hopTo(options, change, trusted))).toMatchObject({
      protocol: 'TLSv1.3',
      status: 'failed',
      detail: expect.stringMatching(detail),
      remedy: expect.any(String),
    });
  });

  it('warns of a certificate that ends soon', async () => {
    const hop = await hopTo({ minVersion: 'TLSv1.3' }, { expiresAtMs: Date.now() + 20.5 * 86_400_000 });
    expect(await look(hop)).toMatchObject({ status: 'warned', detail: 'the certificate ends in 20 days' });
    expect(await look(hop, { warnDays: 10 })).toMatchObject({ status: 'passed' });
  });

  it('fails PostgreSQL without TLS, which it finds out from the server', async () => {
    await using plain = await startPostgres({ replicas: 1 });
    const options = { url: plain.primaryUrl, ca: own.ca, Client: pg.Client };
    expect(await look(pgHop(options))).toMatchObject({
      protocol: undefined,
      acceptsPlaintext: true,
      status: 'failed',
      detail: 'not encrypted: PostgreSQL answers that it does no TLS',
    });
    expect(await look(pgReplicationHop(options))).toMatchObject({ status: 'failed' });
  });

  it.each(['http://crm.test', 'redis://:secret@db.test'])(
    'says of %s that it is not encrypted',
    async (url) => {
      const hop = url.startsWith('http') ? httpsHop({ url }) : redisHop({ url });
      const found = await look(hop);
      expect(found).toMatchObject({ acceptsPlaintext: true, status: 'failed' });
      expect(found.detail).toMatch(/^not encrypted: the URL begins with (http|redis):$/);
      expect(JSON.stringify(found)).not.toContain('secret');
    },
  );

  it('fails servers that listen to plain text as well', async () => {
    const both = (spoken: string) => async (heard: Buffer) => (heard[0] === 0x16 ? undefined : spoken);
    expect(
      await look(httpsHop({ url: await mixed(both('HTTP/1.1 200 OK\r\n\r\n'), 'https'), ca: own.ca })),
    ).toMatchObject({
      acceptsPlaintext: true,
      status: 'failed',
      detail: 'a connection without TLS is accepted as well',
    });
    expect(
      await look(redisHop({ url: await mixed(both('-NOAUTH\r\n'), 'rediss'), ca: own.ca })),
    ).toMatchObject({
      acceptsPlaintext: true,
      status: 'failed',
    });
    // What says "use https" has not listened.
    for (const answer of [
      'HTTP/1.1 400 Bad Request\r\n\r\n',
      'HTTP/1.1 301 Moved\r\nLocation: https://a\r\n\r\n',
    ]) {
      expect(await look(httpsHop({ url: await mixed(both(answer), 'https'), ca: own.ca }))).toMatchObject({
        acceptsPlaintext: false,
        status: 'passed',
      });
    }
  });

  /** A port on which TLS and something else is spoken. */
  async function mixed(
    other: (heard: Buffer) => Promise<string | undefined>,
    scheme: string,
  ): Promise<string> {
    const { server } = await https(httpsServerOptions({ cert: own.cert, key: own.key }));
    const port = await tcp((socket, heard) => {
      socket.removeAllListeners('data');
      socket.pause();
      void other(heard).then((answer) => {
        if (answer !== undefined) return socket.end(answer);
        socket.unshift(heard);
        server.emit('connection', socket);
        return undefined;
      });
    });
    return `${scheme}://127.0.0.1:${port}`;
  }

  it('sees a Redis that has a port without TLS too, by either client', async () => {
    const asked = { sendCommand: async () => ['port', '6379'] };
    expect(await look(redisHop({ url: redis.url, ca: own.ca, client: asked }))).toMatchObject({
      status: 'failed',
      detail: 'Redis has a port without TLS as well, 6379',
    });
    const { tls } = redisTls(redis.url, { ca: own.ca });
    const client = new Redis(redis.url, { tls, lazyConnect: true });
    expect(await look(redisHop({ url: redis.url, ca: own.ca, client }))).toMatchObject({ status: 'passed' });
    client.disconnect();
    const denied = { sendCommand: () => Promise.reject(new Error('NOPERM')) };
    expect(await look(redisHop({ url: redis.url, ca: own.ca, client: denied }))).toMatchObject({
      status: 'passed',
      detail: expect.stringMatching(/refused$/),
    });
  });

  it('gives a client up that gets no connection', async () => {
    const url = 'rediss://127.0.0.1:1';
    const { socket } = redisTls(url, { ca: own.ca });
    const client = createClient({ url, socket: { ...socket, reconnectStrategy: 10 } });
    expect(await look(redisHop({ url, ca: own.ca, client }), { timeoutMs: 200 })).toMatchObject({
      status: 'failed',
    });
    expect(client.isOpen).toBe(false);
  });

  it('tells what was seen of a Redis that its client does not trust, and tries again and again', async () => {
    const other = await certificates();
    const { socket } = redisTls(redis.url, { ca: other.ca });
    const client = createClient({ url: redis.url, socket: { ...socket, reconnectStrategy: 10 } });
    client.on('error', () => {});
    const found = await look(redisHop({ url: redis.url, ca: other.ca, client }), { timeoutMs: 2_000 });
    expect(found).toMatchObject({ protocol: 'TLSv1.3', status: 'failed' });
    expect(found.detail).toMatch(/^the certificate is from nobody who is trusted here/);
  });

  it('sees that somebody in between ends the encryption', async () => {
    const Client = answering([{ ssl: false, version: null, cipher: null }]);
    expect(await look(pgHop({ url: cluster.primaryUrl, ca: own.ca, Client }))).toMatchObject({
      protocol: 'TLSv1.3',
      status: 'failed',
      detail: 'PostgreSQL says no TLS of this connection: somebody in between ends it',
    });
    const Old = answering([{ ssl: true, version: 'TLSv1.2', cipher: 'x' }]);
    expect(await look(pgHop({ url: cluster.primaryUrl, ca: own.ca, Client: Old }))).toMatchObject({
      detail: 'PostgreSQL says TLSv1.2 of this connection: somebody in between ends it',
    });
    expect(await look(pgHop({ url: cluster.primaryUrl, ca: own.ca, Client: answering([]) }))).toMatchObject({
      status: 'failed',
    });
  });

  it('says of standbys that stream without TLS, by an old one, or unseen', async () => {
    const rows = [
      { name: 'a', ssl: false, version: null, cipher: null },
      { name: 'b', ssl: true, version: 'TLSv1.2', cipher: 'x' },
      { name: null, ssl: null, version: null, cipher: null },
    ];
    const hop = pgReplicationHop({ url: cluster.primaryUrl, ca: own.ca, Client: answering(rows) });
    const found = await checkTlsPosture({ hops: [hop] });
    expect(found.map(({ from, status, detail }) => ({ from, status, detail }))).toEqual([
      { from: 'a', status: 'failed', detail: 'it streams without TLS' },
      {
        from: 'b',
        status: 'failed',
        detail: expect.stringContaining('it streams by TLSv1.2'),
      },
      {
        from: 'standby',
        status: 'warned',
        detail: 'this role may not see how the standby is connected',
      },
    ]);
  });

  it('asks for standbys as a role that may not see them', async () => {
    await using client = await connected(cluster.primaryUrl, own.ca);
    await client.query("CREATE ROLE watcher LOGIN PASSWORD 'seen'");
    await client.query(`CREATE FUNCTION senders() RETURNS TABLE (name text, ssl bool, version text, cipher text)
      LANGUAGE sql SECURITY DEFINER AS 'SELECT application_name, s.ssl, s.version, s.cipher
      FROM pg_stat_replication JOIN pg_stat_ssl s USING (pid)'`);
    const url = cluster.primaryUrl.replace(/\/\/[^@]*@/, '//watcher:seen@');
    const options = { url, ca: own.ca, Client: pg.Client };
    expect(await look(pgReplicationHop(options))).toMatchObject({
      status: 'warned',
      detail: 'this role may not see how the standby is connected',
    });
    expect(await look(pgReplicationHop({ ...options, query: 'SELECT * FROM senders()' }))).toMatchObject({
      from: 'replica_1',
      status: 'passed',
    });
  });

  async function connected(url: string, ca: string) {
    const client = new pg.Client(pgTls(url, { ca }));
    await client.connect();
    return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
  }

  /** A driver that answers so. */
  function answering(rows: readonly unknown[]) {
    return class {
      connect = async () => {};
      query = async () => ({ rows });
      end = async () => {};
      on = () => this;
    };
  }

  it('says that a server could not be asked, and by what code, without the password', async () => {
    const url = new URL(cluster.primaryUrl);
    url.password = 'guessed';
    const found = await look(pgHop({ url: url.href, ca: own.ca, Client: pg.Client }));
    expect(found).toMatchObject({ status: 'failed', detail: 'PostgreSQL could not be asked: 28P01' });
    expect(JSON.stringify(found)).not.toContain('guessed');
  });

  it.each([
    ['that is not there', async () => 1, /^no handshake: ECONNREFUSED$/],
    ['that hangs up', () => tcp((socket) => socket.destroy()), /^no handshake: (ECONNRESET|the server ends)/],
    [
      'that speaks plain text',
      () => tcp((socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n')),
      /^no handshake: E/,
    ],
    [
      'that says nothing',
      () => tcp(() => {}),
      /^(no handshake|it could not be looked at): no answer in time$/,
    ],
  ])('fails a server %s, within its time', async (_, start, detail) => {
    const startMs = performance.now();
    const url = `https://127.0.0.1:${await start()}`;
    expect(await look(httpsHop({ url }), { timeoutMs: 300 })).toMatchObject({
      status: 'failed',
      detail: expect.stringMatching(detail),
    });
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });

  it.each([
    ['SR', /somebody is in between/],
    ['E', /is not PostgreSQL/],
  ])('goes no further where %j comes before the handshake', async (answer, detail) => {
    const port = await tcp((socket) => socket.write(answer));
    const url = `postgres://app:secret@127.0.0.1:${port}/crm`;
    expect(await look(pgHop({ url, Client: answering([]) }))).toMatchObject({
      status: 'failed',
      detail: expect.stringMatching(detail),
    });
  });

  it('warns of what could not be found out', async () => {
    // Turns to TLS, and answers plain text with something that is neither yes nor no.
    const port = await postgresLike({ cert: own.cert, key: own.key, minVersion: 'TLSv1.3' });
    const Client = answering([{ ssl: true, version: 'TLSv1.3', cipher: 'x' }]);
    const url = `postgres://app@127.0.0.1:${port}`;
    expect(await look(pgHop({ url, ca: own.ca, Client }))).toMatchObject({
      acceptsPlaintext: undefined,
      status: 'warned',
      detail: 'it was not to be found out whether it accepts a connection without TLS',
    });
  });

  it('tells what was seen of a server that leaves plain text unanswered', async () => {
    const port = await listen(
      createServer((socket) => {
        socket.once('data', (heard: Buffer) => {
          // A request for TLS has eight bytes; what begins a session has more.
          if (heard.length !== 8) return;
          socket.write('S');
          new TLSSocket(socket, { isServer: true, cert: own.cert, key: own.key }).on('error', () => {});
        });
      }),
    );
    const Client = class extends answering([]) {
      override connect = () => new Promise<void>(() => {});
    };
    const other = await certificates();
    const hop = pgHop({ url: `postgres://app@127.0.0.1:${port}`, ca: other.ca, Client });
    const found = await look(hop, { timeoutMs: 5_000 });
    expect(found).toMatchObject({ protocol: 'TLSv1.3', acceptsPlaintext: undefined, status: 'failed' });
    expect(found.detail).toMatch(/^the certificate is from nobody who is trusted here/);
    expect(found.detail).toContain('could not be asked: no answer in time');
  });

  it('ends with a driver that hangs, and when it is told to', async () => {
    const hanging: TlsHopCheck = { name: 'x', from: 'a', to: 'b', look: () => new Promise(() => {}) };
    const failed = { name: 'x', status: 'failed', detail: 'it could not be looked at: no answer in time' };
    expect(await look(hanging, { timeoutMs: 20 })).toMatchObject(failed);
    expect(await look(hanging, { signal: AbortSignal.abort() })).toMatchObject(failed);
    const ending = new AbortController();
    const found = look(hanging, { signal: ending.signal });
    ending.abort();
    expect(await found).toMatchObject(failed);
    const odd: TlsHopCheck = { ...hanging, look: () => Promise.reject(undefined) };
    expect(await look(odd)).toMatchObject({ detail: 'it could not be looked at: unknown' });
  });

  it('refuses what is no hop, and what pgTls refuses', () => {
    expect(() => httpsHop({ url: 'crm.test' })).toThrow(
      /the URL must be https:\/\/… or http:\/\/… with a host/,
    );
    expect(() => pgHop({ url: cluster.primaryUrl } as never)).toThrow(/"Client" must be pg.Client/);
    expect(() => pgHop({ url: `${cluster.primaryUrl}?sslmode=disable`, Client: pg.Client })).toThrow(
      /sslmode=disable/,
    );
    expect(() => redisHop({ url: redis.url, client: {} as never })).toThrow(/"client" must be a client/);
    return expect(checkTlsPosture({ hops: [{}] as never })).rejects.toThrow(
      /option "hops" must be at most 256 hops/,
    );
  });

  describe('tlsVerifier', () => {
    it('gives unite verify a finding for each hop', async () => {
      const hop = pgHop({ url: cluster.primaryUrl, ca: own.ca, Client: pg.Client, name: 'PostgreSQL' });
      const verifier = tlsVerifier({ hops: [hop, httpsHop({ url: 'http://crm.test', name: 'page' })] });
      const notes: string[] = [];
      const run = {
        nonce: '',
        signal: new AbortController().signal,
        note: (text: string) => notes.push(text),
      };
      expect(verifier).toMatchObject({ name: 'tls', timeoutMs: 6_000 });
      expect(await verifier.run(run)).toEqual([
        {
          subject: 'app to PostgreSQL',
          status: 'passed',
          detail: expect.stringContaining('TLSv1.3'),
          measured: {
            protocol: 'TLSv1.3',
            cipher: expect.stringMatching(/^TLS_/),
            expiresAt: expect.stringMatching(/Z$/),
          },
        },
        {
          subject: 'client to page',
          status: 'failed',
          detail: expect.any(String),
          remedy: expect.any(String),
          measured: {},
        },
      ]);
      expect(notes).toEqual(['shaking hands over 2 hops']);
    });

    it('refuses options that are none', () => {
      expect(() => tlsVerifier({ hops: [], name: '' })).toThrow(/tlsVerifier: option "name"/);
      expect(() => tlsVerifier({ hops: [], timeoutMs: -1 })).toThrow(/tlsVerifier: option "timeoutMs"/);
    });
  });
});
