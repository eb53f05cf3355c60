import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { freePort } from '../src/plain/free-port.mjs';

describe('freePort', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  it.each(['127.0.0.1', '0.0.0.0', '::'])('passes over a port that is taken on %s', async (host) => {
    const taken = await listen(host);
    const free = await freePort();
    expect(await freePort([taken, free])).toBe(free);
  });

  it('takes the first that is free', async () => {
    const free = await freePort();
    expect(await freePort([free])).toBe(free);
  });

  it('finds any where every candidate is taken', async () => {
    const taken = await listen('127.0.0.1');
    const found = await freePort([taken]);
    expect(found).not.toBe(taken);
    expect(found).toBeGreaterThan(0);
  });

  function listen(host: string): Promise<number> {
    const server = createServer();
    servers.push(server);
    return new Promise((resolve) =>
      server.listen(0, host, () => resolve((server.address() as AddressInfo).port)),
    );
  }
});
