import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import * as testing from '../../src/testing';

const { ServicesError, startFaultProxy, startPostgres } = testing;

describe('@unite/db-ha/testing', () => {
  it('has what its documentation names, and nothing else', () => {
    expect(Object.keys(testing).sort()).toEqual(['ServicesError', 'startFaultProxy', 'startPostgres']);
  });

  it('cuts a replica off from its readers, but not from its primary', async () => {
    await using cluster = await startPostgres({ replicas: 1 });
    await using proxy = await startFaultProxy({ target: cluster.replicaUrls[0] ?? '' });
    const reader = new pg.Client({ connectionString: proxy.url(), query_timeout: 300 });
    reader.on('error', () => {});
    await reader.connect();
    await proxy.set('blackhole');
    await expect(reader.query('SELECT 1')).rejects.toThrow('Query read timeout');

    const writer = new pg.Client({ connectionString: cluster.primaryUrl });
    await writer.connect();
    const { rows } = await writer.query('SELECT state FROM pg_stat_replication');
    expect(rows).toEqual([{ state: 'streaming' }]);
    await writer.end();
  });

  it('stands before servers of other kinds as well', async () => {
    const server = createServer((_, response) => response.end('here')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await using proxy = await startFaultProxy({ target: `http://127.0.0.1:${port}` });
    expect(await (await fetch(proxy.url())).text()).toBe('here');
    await proxy.set('reset');
    await expect(fetch(proxy.url())).rejects.toThrow('fetch failed');
    server.close();
  });

  it('names its errors', async () => {
    const refusal = await startPostgres({ replicas: -1 }).catch((error: unknown) => error);
    expect(ServicesError.isInstance(refusal) && refusal.code).toBe('INVALID_OPTION');
  });
});
