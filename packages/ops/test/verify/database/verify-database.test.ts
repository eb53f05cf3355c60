import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type PostgresCluster, type PostgresNode, startPostgres } from '@unite/services';
import { Client } from 'pg';
import { verifyDatabase } from '../../../src/verify';
import { findingsAbout, findingsOf, statuses } from '../support/findings-of';
import { until } from '../support/until';

let cluster: PostgresCluster;
/** With a system identifier of its own. */
let foreign: PostgresCluster;
/** With the same: as it is when a copy of a backup runs somewhere else. */
let copy: PostgresCluster;
const directory = mkdtempSync(join(tmpdir(), 'unite-verify-'));

beforeAll(async () => {
  [cluster, foreign, copy] = await Promise.all([
    startPostgres({ replicas: 2 }),
    startPostgres({ replicas: 1, directory: join(directory, 'foreign') }),
    startPostgres({ replicas: 1 }),
  ]);
  await onPrimary("CREATE ROLE app LOGIN PASSWORD 'app-secret'");
  await query(foreign.primaryUrl, "CREATE ROLE app LOGIN PASSWORD 'app-secret'");
  await query(copy.primaryUrl, "CREATE ROLE app LOGIN PASSWORD 'app-secret'");
});
afterAll(async () => {
  await Promise.all([cluster?.close(), foreign?.close(), copy?.close()]);
  rmSync(directory, { recursive: true, force: true });
});

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const onPrimary = (text: string) => query(cluster.primaryUrl, text);

function appUrl(url: string, changes: { password?: string; pathname?: string } = {}): string {
  return Object.assign(new URL(url), { username: 'app', password: 'app-secret', ...changes }).href;
}

function nodeOf(name: string): PostgresNode {
  return cluster.nodes.find((node) => node.name === name) as PostgresNode;
}

const names = ['primary', 'replica_1', 'replica_2'];
/** Time that no answer of a busy machine takes. Where a test waits for the end of one, it says which. */
const patient = { Client, timeoutMs: 60_000, maxLagMs: 60_000 };

/** The cluster, as the application's role sees it. */
function sound(url: (url: string) => string = appUrl) {
  return { ...patient, nodes: cluster.nodes.map(({ name, url: own }) => ({ name, url: url(own) })) };
}

function onlyPrimary(changes: Parameters<typeof appUrl>[1]) {
  return { ...patient, nodes: [{ name: 'db-1', url: appUrl(cluster.primaryUrl, changes) }] };
}

/** Runs `body` with a setting of one server, and takes it back. */
async function withSetting(node: PostgresNode, setting: string, value: string, body: () => Promise<void>) {
  await query(node.url, `ALTER SYSTEM SET ${setting} = '${value}'`);
  await query(node.url, 'SELECT pg_reload_conf()');
  const isSet = async () => (await query(node.url, `SHOW ${setting}`))[0]?.[setting] === value;
  await until(isSet, `${setting} is set`);
  try {
    await body();
  } finally {
    await query(node.url, `ALTER SYSTEM RESET ${setting}`);
    await query(node.url, 'SELECT pg_reload_conf()');
  }
}

async function replicasFollow(): Promise<void> {
  const verifier = verifyDatabase(sound());
  await until(
    async () => (await findingsOf(verifier)).every(({ status }) => status === 'passed'),
    'everybody follows the primary',
  );
}

test('a sound cluster: the primary has the nonce, and both replicas show its transaction', async () => {
  expect(await findingsOf(verifyDatabase(sound()))).toEqual([
    {
      subject: 'primary primary',
      status: 'passed',
      detail: expect.stringMatching(/^has the nonce in its log at 0\/[0-9A-F]+$/),
      measured: { writtenInMs: expect.any(Number), timeline: 1 },
    },
    ...['replica_1', 'replica_2'].map((name) => ({
      subject: `replica ${name}`,
      status: 'passed',
      detail: expect.stringMatching(/^shows the nonce's transaction \d+ ms after its commit$/),
      measured: { replayedAfterMs: expect.any(Number) },
    })),
  ]);
});

test('nothing stays open', async () => {
  await findingsOf(verifyDatabase(sound()));
  const count = `SELECT count(*)::int AS open FROM pg_stat_activity WHERE application_name = 'unite verify'`;
  await until(async () => (await onPrimary(count))[0]?.open === 0, 'every connection is closed');
});

test('nodes without names are called by host and port, and roles may be expected', async () => {
  const nodes = cluster.nodes.map(({ url }) => ({ url: appUrl(url), role: 'primary' as const }));
  const { port } = nodeOf('replica_1');
  expect(await findingsAbout(`role of 127.0.0.1:${port}`, verifyDatabase({ ...patient, nodes }))).toEqual([
    {
      subject: `role of 127.0.0.1:${port}`,
      status: 'failed',
      detail: 'is a replica, and should be a primary',
      remedy: 'Look whether a failover happened, and correct the configuration.',
    },
  ]);
});

test('a superuser is warned of once', async () => {
  const findings = await findingsOf(verifyDatabase(sound((url) => url)));
  expect(findings.filter(({ status }) => status !== 'passed')).toEqual([
    {
      subject: 'role unite',
      status: 'warned',
      detail: `is a superuser on ${names.join(', ')}: whoever breaks into the application owns the server`,
      remedy: 'Let the application use a role that owns nothing but its tables.',
    },
  ]);
});

describe('a login that is refused', () => {
  test('a wrong password is named, and not shown', async () => {
    const findings = await findingsOf(verifyDatabase(onlyPrimary({ password: 'hunter2' })));
    expect(findings).toEqual([
      {
        subject: 'node db-1',
        status: 'failed',
        detail: 'refuses the password of role "app" (28P01)',
        remedy: 'Give the right password, and look whether it was rotated.',
      },
    ]);
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });

  test('a database that is missing', async () => {
    expect(await findingsOf(verifyDatabase(onlyPrimary({ pathname: '/nowhere' })))).toEqual([
      {
        subject: 'node db-1',
        status: 'failed',
        detail: 'has no database "nowhere" (3D000)',
        remedy: 'Create it, or correct the URL.',
      },
    ]);
  });

  test('a role that may not log in', async () => {
    await onPrimary('ALTER ROLE app NOLOGIN');
    const findings = await findingsOf(verifyDatabase(onlyPrimary({})));
    await onPrimary('ALTER ROLE app LOGIN');
    expect(findings).toEqual([
      {
        subject: 'node db-1',
        status: 'failed',
        detail: 'does not let role "app" in from here (28000): role "app" is not permitted to log in',
        remedy: 'Add a line to pg_hba.conf for this role, database, address and encryption, and reload.',
      },
    ]);
  });

  test('no connection left', async () => {
    await onPrimary('ALTER ROLE app CONNECTION LIMIT 0');
    const findings = await findingsOf(verifyDatabase(onlyPrimary({})));
    await onPrimary('ALTER ROLE app CONNECTION LIMIT -1');
    expect(findings).toEqual([
      {
        subject: 'node db-1',
        status: 'failed',
        detail: 'has no connection left for role "app" (53300)',
        remedy: 'Make the pools smaller, put a pooler before it, or raise max_connections.',
      },
    ]);
  });
});

test('a host name that nobody knows', async () => {
  const nodes = [{ name: 'db-1', url: 'postgres://app:secret@nowhere.invalid/app' }];
  const [finding] = await findingsOf(verifyDatabase({ ...patient, nodes }));
  expect(finding).toMatchObject({
    subject: 'node db-1',
    status: 'failed',
    detail: expect.stringMatching(/^has a host name that (nobody knows|could not be looked up)/),
    remedy: 'Correct the host name, or look at the resolver.',
  });
});

test('a role that may not call pg_control_system: what is not known is said', async () => {
  await onPrimary('REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC');
  await onPrimary('CREATE DATABASE apart');
  try {
    await replicasShowRevocation();
    expect(await findingsAbout('system identifiers', verifyDatabase(sound()))).toEqual([
      {
        subject: 'system identifiers',
        status: 'skipped',
        detail: `the role may not call pg_control_system() on ${names.join(', ')}`,
      },
    ]);
  } finally {
    await onPrimary('GRANT EXECUTE ON FUNCTION pg_control_system() TO PUBLIC');
  }
});

async function replicasShowRevocation(): Promise<void> {
  const allowed = "SELECT has_function_privilege('app', 'pg_control_system()', 'execute') AS allowed";
  for (const { url } of cluster.nodes) {
    await until(async () => (await query(url, allowed))[0]?.allowed === false, 'the revocation is replayed');
  }
}

test('a primary that refuses the write', async () => {
  const write = 'FUNCTION pg_logical_emit_message(boolean, text, text, boolean)';
  await onPrimary(`REVOKE EXECUTE ON ${write} FROM PUBLIC`);
  const findings = await findingsOf(verifyDatabase(sound()));
  await onPrimary(`GRANT EXECUTE ON ${write} TO PUBLIC`);
  expect(findings[0]).toEqual({
    subject: 'primary primary',
    status: 'failed',
    detail: 'refuses the question: permission denied for function pg_logical_emit_message',
    remedy: 'Look into its log.',
  });
});

test('plain text fails where TLS is required', async () => {
  const verifier = verifyDatabase({ ...onlyPrimary({}), requireTls: true });
  expect(await findingsAbout('TLS of db-1', verifier)).toEqual([
    {
      subject: 'TLS of db-1',
      status: 'failed',
      detail: 'the connection is in plain text',
      remedy: 'Turn on ssl at the server, and say sslmode=verify-full in the URL.',
    },
  ]);
});

test('a server without TLS cannot be connected to by TLS', async () => {
  const [finding] = await findingsOf(verifyDatabase({ ...onlyPrimary({}), ssl: true }));
  expect(finding).toEqual({
    subject: 'node db-1',
    status: 'failed',
    detail: 'cannot be connected to: The server does not support SSL connections',
    remedy: 'Look into its log, and at the TLS settings of both sides.',
  });
});

test('a primary that is read-only by default', async () => {
  await onPrimary('ALTER ROLE app SET default_transaction_read_only = on');
  const findings = await findingsOf(verifyDatabase(sound()));
  await onPrimary('ALTER ROLE app RESET default_transaction_read_only');
  expect(findings[0]).toEqual({
    subject: 'primary primary',
    status: 'failed',
    detail: 'takes no rows: default_transaction_read_only is on',
    remedy: 'Turn it off with ALTER SYSTEM, ALTER DATABASE or ALTER ROLE, whichever has set it.',
  });
  expect(statuses(findings)).toMatchObject({ 'replica replica_1': 'passed', 'replica replica_2': 'passed' });
});

test('a primary that waits for a synchronous standby', async () => {
  await withSetting(nodeOf('primary'), 'synchronous_standby_names', 'nobody', async () => {
    const findings = await findingsOf(verifyDatabase({ ...sound(), timeoutMs: 3_000 }));
    expect(findings[0]).toEqual({
      subject: 'primary primary',
      status: 'failed',
      detail: 'does not finish a commit within 3000 ms: it waits for its synchronous standbys (nobody)',
      remedy: 'Start a standby of synchronous_standby_names, or take the missing ones out of it.',
    });
    expect(findings[1]).toEqual({
      subject: 'replica replica_1',
      status: 'skipped',
      detail: 'there is no single primary whose write it could show',
    });
  });
});

test('a replica whose replay is paused, beside one that follows', async () => {
  await query(nodeOf('replica_1').url, 'SELECT pg_wal_replay_pause()');
  const findings = await findingsOf(verifyDatabase({ ...sound(), maxLagMs: 2_000 }));
  await query(nodeOf('replica_1').url, 'SELECT pg_wal_replay_resume()');
  expect(findings).toContainEqual({
    subject: 'replica replica_1',
    status: 'failed',
    detail: "does not show the nonce's transaction 2000 ms after its commit: its replay is paused",
    remedy: 'Run SELECT pg_wal_replay_resume() on it.',
    measured: { behindBytes: expect.any(Number) },
  });
  expect(statuses(findings)).toMatchObject({ 'primary primary': 'passed', 'replica replica_2': 'passed' });
});

test('a replica that is late', async () => {
  await withSetting(nodeOf('replica_2'), 'recovery_min_apply_delay', '1min', async () => {
    const findings = await findingsOf(verifyDatabase({ ...sound(), maxLagMs: 200 }));
    expect(findings).toContainEqual({
      subject: 'replica replica_2',
      status: 'failed',
      detail: expect.stringMatching(
        /^does not show the nonce's transaction 200 ms after its commit: it is \d+ bytes behind$/,
      ),
      remedy:
        'Look for a long query that holds replay up, for its disk, and for the network between the two.',
      measured: { behindBytes: expect.any(Number) },
    });
  });
});

test('a replica that does not stream', async () => {
  const node = nodeOf('replica_2');
  const receivers = 'SELECT count(*)::int AS count FROM pg_stat_wal_receiver';
  await query(node.url, "ALTER SYSTEM SET primary_conninfo = ''");
  await query(node.url, 'SELECT pg_reload_conf()');
  await until(async () => (await query(node.url, receivers))[0]?.count === 0, 'the receiver has ended');
  const findings = await findingsOf(verifyDatabase({ ...sound(), maxLagMs: 100 }));
  await query(node.url, 'ALTER SYSTEM RESET primary_conninfo');
  await query(node.url, 'SELECT pg_reload_conf()');
  expect(findings).toContainEqual({
    subject: 'replica replica_2',
    status: 'failed',
    detail:
      "does not show the nonce's transaction 100 ms after its commit: it does not stream from a primary",
    remedy: 'Look at its primary_conninfo, at its slot, and into its log.',
    measured: { behindBytes: expect.any(Number) },
  });
});

test('a replica of another cluster', async () => {
  await replicasFollow();
  const nodes = [
    ...sound().nodes.slice(0, 2),
    { name: 'stranger', url: appUrl(foreign.replicaUrls[0] as string) },
  ];
  const findings = await findingsOf(verifyDatabase({ ...patient, nodes }));
  expect(findings[0]).toEqual({
    subject: 'replica stranger',
    status: 'failed',
    detail: expect.stringMatching(
      /^belongs to another cluster: its system identifier is \d+, that of primary is \d+$/,
    ),
    remedy: 'Correct its URL, or make it anew from a base backup of the primary.',
  });
  expect(findings).toHaveLength(3);
  expect(statuses(findings)).toMatchObject({ 'primary primary': 'passed', 'replica replica_1': 'passed' });
});

test('a replica of a copy, whose system identifier is the same', async () => {
  const nodes = [
    ...sound().nodes.slice(0, 1),
    { name: 'copied', url: appUrl(copy.replicaUrls[0] as string) },
  ];
  const verifier = verifyDatabase({ ...patient, nodes, maxLagMs: 200 });
  expect(statuses(await findingsOf(verifier))).toEqual({
    'primary primary': 'passed',
    'replica copied': 'failed',
  });
});

test('a primary of another cluster beside a primary and its replica', async () => {
  const nodes = [{ name: 'stranger', url: appUrl(foreign.primaryUrl) }, ...sound().nodes.slice(0, 2)];
  expect(statuses(await findingsOf(verifyDatabase({ ...patient, nodes })))).toEqual({
    'primary stranger': 'failed',
    'primary primary': 'passed',
    'replica replica_1': 'passed',
  });
});

describe('a server that is listed twice', () => {
  const twice = ({ name, url }: PostgresNode) => [
    { name, url: appUrl(url) },
    { name: `${name} by its pooler`, url: appUrl(url) },
  ];

  test('is one primary and one replica, and is named', async () => {
    const nodes = [...twice(nodeOf('primary')), ...twice(nodeOf('replica_1'))];
    const findings = await findingsOf(verifyDatabase({ ...patient, nodes }));
    expect(findings.slice(0, 2)).toEqual(
      ['primary', 'replica_1'].map((name) => ({
        subject: 'nodes',
        status: 'warned',
        detail: `${name} and ${name} by its pooler are the same server`,
        remedy: 'List each server once, by the URL that the application uses.',
      })),
    );
    expect(findings.slice(2).map(({ subject, status }) => [subject, status])).toEqual([
      ['primary primary', 'passed'],
      ['replica replica_1', 'passed'],
    ]);
  });

  test('is known by its start where the role may not know its identifier', async () => {
    class Forbidding extends Client {
      override query(...args: unknown[]): never {
        const isForbidden = String(args[0]).includes('pg_control_system');
        const refusal = Object.assign(new Error('permission denied'), { code: '42501' });
        return (isForbidden ? Promise.reject(refusal) : Reflect.apply(super.query, this, args)) as never;
      }
    }
    const nodes = twice(nodeOf('primary'));
    expect(statuses(await findingsOf(verifyDatabase({ ...patient, nodes, Client: Forbidding })))).toEqual({
      nodes: 'warned',
      'system identifiers': 'skipped',
      'primary primary': 'passed',
    });
  });
});

describe('a frozen server', () => {
  test('is named within the time of one answer', async () => {
    await nodeOf('replica_2').kill('SIGSTOP');
    try {
      const findings = await findingsOf(verifyDatabase({ ...sound(), timeoutMs: 4_000 }));
      expect(findings).toContainEqual({
        subject: 'node replica_2',
        status: 'failed',
        detail: 'does not answer within 4000 ms',
        remedy: 'Look whether it is frozen or overloaded, and whether a firewall drops the packets.',
      });
      expect(statuses(findings)).toMatchObject({
        'primary primary': 'passed',
        'replica replica_1': 'passed',
      });
    } finally {
      await nodeOf('replica_2').kill('SIGCONT');
    }
  });

  test('does not keep a run that is told to end', async () => {
    await nodeOf('replica_2').kill('SIGSTOP');
    try {
      const stop = new AbortController();
      const run = findingsOf(verifyDatabase(sound()), stop.signal);
      setTimeout(() => stop.abort(new Error('enough')), 100);
      expect(await run).toContainEqual({
        subject: 'node replica_2',
        status: 'skipped',
        detail: 'had not answered when the run ended',
      });
    } finally {
      await nodeOf('replica_2').kill('SIGCONT');
    }
  });

  test('that freezes while it is asked is named too', async () => {
    const node = nodeOf('replica_2');
    class Freezing extends Client {
      override async connect(): Promise<Client> {
        await super.connect();
        if (this.port === node.port) await node.kill('SIGSTOP');
        return this;
      }
    }
    try {
      const findings = await findingsOf(
        verifyDatabase({ ...sound(), Client: Freezing as never, timeoutMs: 2_000 }),
      );
      expect(findings).toContainEqual(
        expect.objectContaining({ subject: 'node replica_2', detail: 'does not answer within 2000 ms' }),
      );
    } finally {
      await node.kill('SIGCONT');
    }
  });
});

test('a run that ends while a replica is waited for', async () => {
  await query(nodeOf('replica_1').url, 'SELECT pg_wal_replay_pause()');
  const stop = new AbortController();
  const findings = await verifyDatabase(sound()).run({
    nonce: 'n'.repeat(32),
    signal: stop.signal,
    note: (text) => {
      if (text.startsWith('waiting for')) setTimeout(() => stop.abort(), 1_500);
    },
  });
  await query(nodeOf('replica_1').url, 'SELECT pg_wal_replay_resume()');
  expect(findings).toContainEqual({
    subject: 'replica replica_1',
    status: 'skipped',
    detail: 'had not answered when the run ended',
  });
  expect(statuses(findings)).toMatchObject({ 'primary primary': 'passed' });
});

test('a replica that breaks while it is waited for', async () => {
  class Breaking extends Client {
    override query(...args: unknown[]): never {
      const breaks = String(args[0]).includes('txid_status');
      return (breaks ? Promise.reject(new Error('gone')) : Reflect.apply(super.query, this, args)) as never;
    }
  }
  const findings = await findingsOf(verifyDatabase({ ...sound(), Client: Breaking }));
  expect(findings[1]).toEqual({
    subject: 'replica replica_1',
    status: 'failed',
    detail: 'refuses the question: gone',
    remedy: 'Look into its log.',
  });
});

test.each([
  [
    { code: '57P03', message: 'the database system is starting up' },
    'takes no connections now (57P03): the database system is starting up',
    'Wait until it has started, and look into its log.',
  ],
  [
    Object.assign(new Error(''), { code: 'EPROTO' }),
    'cannot be connected to: EPROTO',
    'Look into its log, and at the TLS settings of both sides.',
  ],
  [
    { code: '08P01', message: 'password authentication failed' },
    'refuses the password of role "app" (08P01)',
    'Give the right password, and look whether it was rotated.',
  ],
  [
    { code: '08P01', message: 'no such database: unite' },
    'has no database "unite" (08P01)',
    'Create it, or correct the URL.',
  ],
  [
    { code: '08P01', message: 'server login has been failing' },
    'cannot be connected to: server login has been failing',
    'Look into its log, and at the TLS settings of both sides.',
  ],
  [
    new Error('broken', { cause: new Error('no way to postgres://app:hunter2@db-1') }),
    'cannot be connected to: broken: no way to postgres://***@db-1',
    'Look into its log, and at the TLS settings of both sides.',
  ],
  ['nothing', 'cannot be connected to: nothing', 'Look into its log, and at the TLS settings of both sides.'],
])('a driver that rejects with %j', async (reason, detail, remedy) => {
  const Refusing = class {
    on = () => this;
    connect = () => Promise.reject(reason);
    query = () => Promise.reject(reason);
    end = () => Promise.resolve();
  };
  expect(await findingsOf(verifyDatabase({ ...onlyPrimary({}), Client: Refusing }))).toEqual([
    { subject: 'node db-1', status: 'failed', detail, remedy },
  ]);
});

test('a driver that cannot be made: the other servers are verified all the same', async () => {
  const [first, second] = sound().nodes;
  const broken = { name: 'broken', url: `${first?.url}?sslmode=verify-full&sslrootcert=/nowhere.pem` };
  const nodes = [broken, first, second] as { name: string; url: string }[];
  const findings = await findingsOf(verifyDatabase({ ...patient, nodes }));
  expect(findings[0]).toEqual({
    subject: 'node broken',
    status: 'failed',
    detail: "cannot be connected to: ENOENT: no such file or directory, open '/nowhere.pem'",
    remedy: 'Look into its log, and at the TLS settings of both sides.',
  });
  expect(statuses(findings)).toMatchObject({ 'primary primary': 'passed', 'replica replica_1': 'passed' });
});

test('a single replica: there is no primary', async () => {
  const nodes = sound().nodes.slice(1, 2);
  expect(await findingsAbout('primary', verifyDatabase({ ...patient, nodes }))).toEqual([
    expect.objectContaining({ status: 'failed', detail: 'there is none: replica_1 is a replica' }),
  ]);
});

test('a primary that was killed: it is named, and that there is none', async () => {
  await nodeOf('primary').kill('SIGKILL');
  const receivers = 'SELECT count(*)::int AS count FROM pg_stat_wal_receiver';
  await until(
    async () => (await query(nodeOf('replica_1').url, receivers))[0]?.count === 0,
    'the receiver has ended',
  );
  const findings = await findingsOf(verifyDatabase({ ...sound() }));
  await nodeOf('primary').start();
  expect(findings.slice(0, 3)).toEqual([
    {
      subject: 'node primary',
      status: 'failed',
      detail: 'refuses connections (ECONNREFUSED)',
      remedy: 'Start it, or correct host and port.',
    },
    {
      subject: 'primary',
      status: 'failed',
      detail: 'there is none: replica_1, replica_2 are replicas',
      remedy: 'Start the primary, or promote the replica that has replayed the most.',
    },
    {
      subject: 'replica replica_1',
      status: 'warned',
      detail: 'it does not stream from a primary',
      remedy: 'Look at its primary_conninfo, at its slot, and into its log.',
    },
  ]);
  await replicasFollow();
});

describe('after a promotion beside the primary', () => {
  beforeAll(async () => {
    await query(nodeOf('replica_1').url, 'SELECT pg_promote()');
  });

  test('both that take writes are named, with their timelines', async () => {
    const findings = await findingsOf(verifyDatabase(sound()));
    expect(findings).toEqual([
      {
        subject: 'primary',
        status: 'failed',
        detail: '2 servers take writes, and each keeps its own: primary (timeline 1), replica_1 (timeline 2)',
        remedy:
          'Fence all but the one with the highest timeline at once, save what was written to the others, and make them replicas by pg_rewind.',
      },
      {
        subject: 'replica replica_2',
        status: 'skipped',
        detail: 'there is no single primary whose write it could show',
      },
    ]);
  });

  test('one of them that is listed twice does not count as a third', async () => {
    const [first, second] = sound().nodes as [{ name: string; url: string }, { name: string; url: string }];
    const nodes = [first, { ...first, name: 'pooler' }, second];
    expect((await findingsOf(verifyDatabase({ ...patient, nodes }))).map(({ detail }) => detail)).toEqual([
      'primary and pooler are the same server',
      '2 servers take writes, and each keeps its own: primary (timeline 1), replica_1 (timeline 2)',
    ]);
  });

  test('a replica that follows the old primary is on another timeline', async () => {
    // Beyond what the old primary has written.
    await query(
      nodeOf('replica_1').url,
      'SELECT pg_switch_wal(), pg_logical_emit_message(true, $$ahead$$, $$$$)',
    );
    // The application's role may not see which timeline is received.
    const nodes = sound((url) => url).nodes.slice(1);
    expect(await findingsAbout('replica replica_2', verifyDatabase({ ...patient, nodes }))).toEqual([
      {
        subject: 'replica replica_2',
        status: 'failed',
        detail: 'follows timeline 1, and replica_1 writes timeline 2',
        remedy: 'Point its primary_conninfo to the primary, with recovery_target_timeline latest.',
      },
    ]);
  });

  test('a replica that has more than the primary has a history of its own', async () => {
    for (const _ of Array.from({ length: 3 })) {
      await onPrimary('SELECT pg_switch_wal(), pg_logical_emit_message(true, $$more$$, $$$$)');
    }
    await onPrimary('CHECKPOINT');
    const [at] = await onPrimary('SELECT pg_current_wal_lsn()::text AS lsn');
    const replayed = `SELECT pg_last_wal_replay_lsn() >= '${at?.lsn}'::pg_lsn AS yes`;
    await until(
      async () => (await query(nodeOf('replica_2').url, replayed))[0]?.yes === true,
      'it is replayed',
    );
    const nodes = sound().nodes.slice(1);
    expect(await findingsAbout('replica replica_2', verifyDatabase({ ...patient, nodes }))).toEqual([
      {
        subject: 'replica replica_2',
        status: 'failed',
        detail: 'has replayed more than replica_1 has written: their histories have parted',
        remedy: 'Make it anew by pg_rewind or from a base backup of the primary.',
      },
    ]);
  });
});

describe('options', () => {
  const nodes = [{ url: 'postgres://app:hunter2@localhost/app' }];

  test.each<[string, object, string]>([
    ['no nodes', { nodes: [], Client }, 'option "nodes" must be a list of at least one node'],
    ['no driver', { nodes }, 'option "Client" must be a constructor such as pg.Client'],
    ['an unknown one', { nodes, Client, lag: 1 }, 'unknown option "lag"'],
    ['a time that is none', { nodes, Client, maxLagMs: -1 }, 'option "maxLagMs" must be a positive number'],
    ['TLS that is none', { nodes, Client, ssl: 'yes' }, 'option "ssl" must be true, false or an object'],
    ['two of one name', { nodes: [...nodes, ...nodes], Client }, 'got two "localhost:5432"'],
    ['a role that is none', { nodes: [{ ...nodes[0], role: 'boss' }], Client }, 'nodes[0]: option "role"'],
  ])('%s', (_, options, message) => {
    expect(() => verifyDatabase(options as never)).toThrow(TypeError);
    expect(() => verifyDatabase(options as never)).toThrow(message);
  });

  test.each(['app:hunter2@db', 'mysql://app:hunter2@db/app', 'postgres://app:hunter2%zz@db/app'])(
    'a URL that is none is not shown',
    (url) => {
      const make = () => verifyDatabase({ nodes: [{ url }], Client });
      expect(make).toThrow('nodes[0]: option "url" must be postgres://user:password@host:port/database');
      expect(make).not.toThrow('hunter2');
    },
  );

  test('name, and time for everything', () => {
    expect(verifyDatabase({ nodes, Client, name: 'orders', timeoutMs: 100, maxLagMs: 1_000 })).toMatchObject({
      name: 'orders',
      timeoutMs: 3_400,
    });
    expect(verifyDatabase({ nodes, Client })).toMatchObject({ name: 'database', timeoutMs: 19_000 });
  });
});
