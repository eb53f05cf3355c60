import { chmodSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { ServicesError } from '../src/errors';
import { processStartedAt } from '../src/plain/process-identity.mjs';
import { postgresBinaries } from '../src/postgres/binaries';
import { LocalCluster } from '../src/postgres/local-cluster';
import { startPostgres } from '../src/postgres/start-postgres';
import { serverIdentity } from '../src/process/server-identity';
import type { PostgresCluster, PostgresNode } from '../src/types';
import { openWorkplace } from '../src/workplace';
import { cleanUp, eventually, fixture, itAsRoot, processesIn, query, said, startProgram } from './support';

describe('startPostgres', () => {
  let cluster: PostgresCluster;
  let startMs: number;

  beforeAll(async () => {
    const startedAtMs = performance.now();
    cluster = await startPostgres({ replicas: 2 });
    startMs = performance.now() - startedAtMs;
  });

  afterAll(async () => {
    await cluster?.close();
    await cleanUp();
  });

  // Under 2 s on an idle machine; the bound leaves room for one that builds at the same time.
  it('is ready within ten seconds', () => {
    expect(startMs).toBeLessThan(10_000);
  });

  it('starts a primary and two streaming standbys of PostgreSQL 18', async () => {
    const standbys = await query(
      cluster.primaryUrl,
      'SELECT application_name AS name, state FROM pg_stat_replication ORDER BY 1',
    );
    expect(standbys).toEqual([
      { name: 'replica_1', state: 'streaming' },
      { name: 'replica_2', state: 'streaming' },
    ]);
    const inRecovery = await Promise.all(
      cluster.nodes.map(({ url }) => query(url, 'SELECT pg_is_in_recovery() AS standby')),
    );
    expect(inRecovery.flat()).toEqual([{ standby: false }, { standby: true }, { standby: true }]);
    expect(
      await query(cluster.primaryUrl, "SELECT current_setting('server_version_num')::int / 10000 AS major"),
    ).toEqual([{ major: 18 }]);
  });

  it('names its nodes', () => {
    expect(cluster.nodes.map(({ name, role }) => `${name}:${role}`)).toEqual([
      'primary:primary',
      'replica_1:replica',
      'replica_2:replica',
    ]);
    expect(cluster.nodes.map(({ url }) => url)).toEqual([cluster.primaryUrl, ...cluster.replicaUrls]);
  });

  it('replicates rows to both standbys, which refuse writes', async () => {
    await query(cluster.primaryUrl, 'CREATE TABLE replicated (id int)');
    await query(cluster.primaryUrl, 'INSERT INTO replicated SELECT generate_series(1, 100)');
    for (const url of cluster.replicaUrls) {
      await eventually(async () => (await count(url, 'replicated')) === 100);
      await expect(query(url, 'INSERT INTO replicated VALUES (0)')).rejects.toMatchObject({ code: '25006' });
    }
  });

  it('lets nobody in without the password', async () => {
    const url = new URL(cluster.primaryUrl);
    url.password = 'wrong';
    await expect(query(url.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  itAsRoot('runs the servers as another user when started by root', async () => {
    for (const { pid } of cluster.nodes) expect(statSync(`/proc/${pid}`).uid).not.toBe(0);
  });

  it('recovers a node that was killed, with its data and its port', async () => {
    const [primary] = cluster.nodes;
    const { pid, url } = primary;
    await query(url, 'CREATE TABLE kept AS SELECT 1 AS id');
    const session = new pg.Client(url);
    let isBroken = false;
    session.on('error', () => {
      isBroken = true;
    });
    await session.connect();
    await primary.kill('SIGKILL');
    expect(isBroken).toBe(true);
    expect(primary.pid).toBeUndefined();
    expect(processStartedAt(Number(pid))).toBeUndefined();
    await expect(query(url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });

    await primary.start();
    expect(primary.url).toBe(url);
    expect(await count(url, 'kept')).toBe(1);
    for (const replica of cluster.replicaUrls)
      await eventually(async () => (await count(replica, 'kept')) === 1);
  });

  it('hangs a node with all its sessions, and lets it go on', async () => {
    const replica = cluster.nodes[1] as PostgresCluster['nodes'][0];
    await replica.kill('SIGSTOP');
    await expect(query(replica.url, 'SELECT 1', 300)).rejects.toThrow(/timeout/);
    await query(cluster.primaryUrl, 'CREATE TABLE meanwhile AS SELECT 1 AS id');
    await replica.kill('SIGCONT');
    await eventually(async () => (await count(replica.url, 'meanwhile')) === 1);
  });

  it('does nothing when a running node is started', async () => {
    const { pid } = cluster.nodes[0];
    await cluster.nodes[0].start();
    expect(cluster.nodes[0].pid).toBe(pid);
  });

  it('says that a node ended by itself, but not one that it ended', async () => {
    const ends: string[] = [];
    const small = await startPostgres({
      replicas: 0,
      onExit: ({ name }, { signal }) => ends.push(`${name} ${signal}`),
    });
    try {
      await small.nodes[0].kill('SIGKILL');
      await small.nodes[0].start();
      process.kill(Number(small.nodes[0].pid), 'SIGKILL');
      await eventually(() => ends.length > 0);
    } finally {
      await small.close();
    }
    expect(ends).toEqual(['primary SIGKILL']);
  });

  it('makes an old primary follow the replica that took over, without what it had alone', async () => {
    await using failing = await startPostgres({ replicas: 1 });
    const [old, next] = failing.nodes as readonly [PostgresNode, PostgresNode];
    await old.kill('SIGKILL');
    await query(next.url, 'SELECT pg_promote()');
    await old.start();
    await query(old.url, 'CREATE TABLE stray (id int)');
    await old.follow(next);
    await query(next.url, 'CREATE TABLE followed AS SELECT 1 AS id');
    const tables = "SELECT relname AS name FROM pg_class WHERE relname IN ('stray', 'followed')";
    await eventually(async () => (await query(old.url, tables)).length > 0);
    expect(await query(old.url, tables)).toEqual([{ name: 'followed' }]);
    expect(await query(old.url, 'SELECT pg_is_in_recovery() AS standby')).toEqual([{ standby: true }]);
  });

  it('leaves no process and no directory behind, even with a hanging node', async () => {
    const other = await startPostgres({ replicas: 1 });
    expect(processesIn(other.directory).length).toBeGreaterThan(2);
    await (other.nodes[1] as PostgresCluster['nodes'][0]).kill('SIGSTOP');
    await other.close();
    await eventually(() => processesIn(other.directory).length === 0);
    expect(existsSync(other.directory)).toBe(false);
    await expect(other.close()).resolves.toBeUndefined();
  });

  // A template of their own: others copy the one that all share, at any time.
  it.each([
    ['that does not start', (template: string) => rmSync(join(template, 'global', 'pg_control'))],
    ['that cannot be copied', (template: string) => chmodSync(template, 0o000)],
  ])('makes its template anew from one %s', async (_, damage) => {
    const identity = serverIdentity();
    const own = mkdtempSync(join(tmpdir(), 'unite-template-'));
    chmodSync(own, 0o755);
    const binaries = { ...postgresBinaries(identity), directory: join(own, 'native') };
    const template = join(own, 'template', `${binaries.version}-${identity?.uid ?? process.getuid?.()}`);
    const startOne = async () => {
      const workplace = openWorkplace('postgres', undefined, identity);
      const small = new LocalCluster({ replicas: 0, identity, binaries, workplace });
      await small.start();
      return small;
    };
    await (await startOne()).close();
    damage(template);
    const small = await startOne();
    expect(await query(small.primaryUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(existsSync(join(template, 'global', 'pg_control'))).toBe(true);
    await small.close();
    rmSync(own, { recursive: true });
  });

  it('ends a start that is aborted, and what already ran', async () => {
    const controller = new AbortController();
    const start = startPostgres({
      replicas: 1,
      signal: controller.signal,
      onProgress: (message) => message.startsWith('Creating') && controller.abort(new Error('enough')),
    });
    await expect(start).rejects.toThrow('enough');
  });

  it.each([-1, 9, 1.5])('refuses %p replicas', async (replicas) => {
    const refusal = await startPostgres({ replicas }).catch((error) => error);
    expect(ServicesError.isInstance(refusal) && refusal.code).toBe('INVALID_OPTION');
  });

  itAsRoot('works for an ordinary user', async () => {
    const program = startProgram(fixture('hold-services.mjs'), [], { uid: 65_534, env: { HOME: '/' } });
    const { pids, directory } = JSON.parse(await said(program, /\}\n/));
    expect(pids).toHaveLength(2);
    program.child.kill('SIGKILL');
    await program.exited;
    await eventually(() => !existsSync(directory) && processesIn(directory).length === 0);
  });
});

async function count(url: string, table: string): Promise<number> {
  try {
    const [row] = await query<{ count: number }>(url, `SELECT count(*)::int AS count FROM ${table}`);
    return row?.count ?? -1;
  } catch {
    return -1; // Not replicated yet.
  }
}
