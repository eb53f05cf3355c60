import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Cluster, type ClusterOptions, createCluster } from '@unite/db-ha';
import { type PostgresCluster, type PostgresNode, startPostgres } from '@unite/services';
import pg from 'pg';
import { postgresCheck } from '../../src/checks';
import { ask, askUntil } from './support/ask';

let servers: PostgresCluster;
let primary: PostgresNode;
let one: PostgresNode;
let two: PostgresNode;
const opened: Cluster<pg.Pool>[] = [];

beforeAll(async () => {
  servers = await startPostgres({ replicas: 2 });
  [primary, one, two] = servers.nodes as unknown as [PostgresNode, PostgresNode, PostgresNode];
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((db) => db.close({ timeoutMs: 100 })));
});
afterAll(() => servers?.close());

/** A cluster that nobody has used yet. */
function open(options: Partial<ClusterOptions<pg.Pool>> = {}): Cluster<pg.Pool> {
  const nodes = servers.nodes.map(({ name, url }) => ({ name, url }));
  const db = createCluster({ nodes, Pool: pg.Pool, ...options });
  opened.push(db);
  return db;
}

describe('a cluster', () => {
  it('of which nothing is known is asked, and is up', async () => {
    const db = open();
    const check = postgresCheck(db);
    expect(db.status().primary).toBeUndefined();
    // Standbys may have a moment to catch up.
    expect(await askUntil(check, ({ status }) => status === 'up')).toMatchObject({
      status: 'up',
      groups: { ready: 'up', write: 'up', degraded: 'up' },
      detail: 'primary up; 2 of 2 replicas up',
    });
    expect(db.sessionTokenNow()).toBeUndefined();
  });

  it('without one replica is degraded, and up again with it', async () => {
    const check = postgresCheck(open({ healthCheckEveryMs: 200 }));
    await askUntil(check, ({ status }) => status === 'up');
    await one.kill('SIGKILL');
    expect(await askUntil(check, ({ status }) => status !== 'up')).toMatchObject({
      status: 'degraded',
      groups: { ready: 'up', write: 'up', degraded: 'down' },
      detail: 'primary up; 1 of 2 replicas up',
    });
    await one.start();
    expect((await askUntil(check, ({ status }) => status === 'up')).status).toBe('up');
  });

  it('whose primary is frozen says so within the time of a check', async () => {
    // So rarely does it look by itself that only the check's own query can find it out.
    const db = open({ healthCheckEveryMs: 60_000 });
    const check = postgresCheck(db, { timeoutMs: 800 });
    await askUntil(check, ({ status }) => status === 'up');
    await primary.kill('SIGSTOP');
    try {
      expect(await ask(check)).toMatchObject({
        groups: { ready: 'up', write: 'down' },
        detail: expect.stringMatching(/^primary: no answer in [1-7]\d\d ms; \d of 2 replicas up$/),
      });
      // By then the cluster has found it out, too.
      expect(await askUntil(check, ({ detail }) => detail?.startsWith('no primary') === true)).toMatchObject({
        groups: { ready: 'up', write: 'down' },
      });
      await Promise.all([ask(check), ask(check), ask(check)]);
      expect(db.waitingCount).toBeLessThanOrEqual(1);
    } finally {
      await primary.kill('SIGCONT');
    }
    expect((await askUntil(check, ({ groups }) => groups?.write === 'up')).groups?.write).toBe('up');
  });

  it('without its primary is read, and without any node is down', async () => {
    const check = postgresCheck(open());
    await askUntil(check, ({ status }) => status === 'up');
    await primary.kill('SIGKILL');
    const without = await askUntil(check, ({ groups }) => groups?.write === 'down');
    expect(without).toMatchObject({ groups: { ready: 'up', write: 'down', degraded: 'up' } });
    expect(without.status).toBeUndefined();
    expect((await askUntil(check, ({ detail }) => detail === 'no primary; 2 of 2 replicas up')).detail).toBe(
      'no primary; 2 of 2 replicas up',
    );

    await Promise.all([one.kill('SIGKILL'), two.kill('SIGKILL')]);
    expect(await askUntil(check, ({ groups }) => groups?.ready === 'down')).toMatchObject({
      groups: { ready: 'down', write: 'down', degraded: 'down' },
      detail: 'no primary; 0 of 2 replicas up',
    });
  });

  it('that is asked for the first time while nothing runs is down in time', async () => {
    expect(await ask(postgresCheck(open()))).toMatchObject({
      groups: { ready: 'down', write: 'down', degraded: 'down' },
    });
  });
});
