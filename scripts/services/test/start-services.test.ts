import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPostgres } from '../src/postgres/start-postgres';
import { startServices } from '../src/start-services';
import type { PostgresCluster } from '../src/types';
import { cleanUp, query, toolsDirectory } from './support';

describe('startServices', () => {
  let cluster: PostgresCluster;

  beforeAll(async () => {
    cluster = await startPostgres({ replicas: 1 });
  });

  afterAll(async () => {
    await cluster?.close();
    await cleanUp();
  });

  it('uses the servers that the environment names, and leaves them running', async () => {
    const env = { DATABASE_URL: cluster.primaryUrl, REPLICA_URLS: ` ${cluster.replicaUrls[0]} ,` };
    const services = await startServices({ env, sources: [] });
    expect(services.postgres).toBeUndefined();
    expect(services.env).toEqual({ DATABASE_URL: cluster.primaryUrl, REPLICA_URLS: cluster.replicaUrls[0] });
    await services.close();
    expect(await query(cluster.primaryUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('comes up without a Redis where there is none, and says why', async () => {
    const services = await startServices({ env: { DATABASE_URL: cluster.primaryUrl }, sources: [] });
    expect(services.redisUrl).toBeUndefined();
    expect(services.redisMissing).toMatch(/^No Redis was found[\s\S]*REDIS_URL/);
    expect(services.replicaUrls).toEqual([]);
  });

  it('starts both, says so, and ends both', async () => {
    const messages: string[] = [];
    const services = await startServices({
      replicas: 0,
      toolsDirectory,
      onProgress: (message) => messages.push(message),
    });
    expect(await query(services.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(Object.keys(services.env)).toEqual(['DATABASE_URL', 'REPLICA_URLS', 'REDIS_URL']);
    await services.close();
    expect(services.redis?.pid).toBeUndefined();
    expect(services.postgres?.nodes[0].pid).toBeUndefined();
    expect(messages.join('\n')).toMatch(/Creating the PostgreSQL primary/);
  });

  it.each([
    ['is no URL', { DATABASE_URL: 'localhost' }, 'INVALID_OPTION', /not a URL/],
    [
      'lacks its primary',
      { REPLICA_URLS: 'postgres://a@127.0.0.1/b' },
      'INVALID_OPTION',
      /without DATABASE_URL/,
    ],
  ])('refuses an address that %s', async (_, env, code, message) => {
    await expect(startServices({ env, sources: [] })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('says where nothing answers, without the password', async () => {
    const controller = new AbortController();
    const env = { DATABASE_URL: cluster.primaryUrl, REDIS_URL: 'redis://:hidden@127.0.0.1:1/0' };
    const refusal = await startServices({ env, signal: controller.signal }).catch((error) => error);
    expect(refusal).toMatchObject({
      code: 'REDIS_FAILED',
      message: expect.stringContaining('127.0.0.1:1/0'),
    });
    expect(refusal.message).not.toContain('hidden');
  });
});
