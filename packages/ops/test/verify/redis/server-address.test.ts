import { expect, test } from '@jest/globals';
import Redis, { Cluster } from 'ioredis';
import { createClient, createClientPool } from 'redis';
import { serverAddress } from '../../../src/verify/redis/server-address';

/** A client that connects to nothing. */
function idle(options: object): Redis {
  return new Redis({ ...options, lazyConnect: true });
}

test.each<[string, () => object, string | undefined]>([
  [
    'redis by a URL',
    () => createClient({ url: 'redis://app:hunter2@db.internal:7000/2' }),
    'db.internal:7000',
  ],
  ['redis by a URL without a port', () => createClient({ url: 'redis://db.internal' }), 'db.internal:6379'],
  ['redis by a socket', () => createClient({ socket: { host: '::1', port: 7_000 } }), '[::1]:7000'],
  [
    'redis by a path',
    () => createClient({ socket: { path: '/run/redis.sock', tls: false } }),
    '/run/redis.sock',
  ],
  ['redis without a word', () => createClient(), undefined],
  ['a pool', () => createClientPool({ url: 'redis://db.internal' }), undefined],
  ['ioredis', () => idle({ host: 'db.internal', port: 7_000, password: 'hunter2' }), 'db.internal:7000'],
  ['ioredis by a path', () => idle({ path: '/run/redis.sock' }), '/run/redis.sock'],
  ['ioredis by Sentinels', () => idle({ sentinels: [{ host: 's', port: 1 }], name: 'main' }), undefined],
  ['a cluster of ioredis', () => new Cluster([{ host: 's', port: 1 }], { lazyConnect: true }), undefined],
  ['a sender', () => ({ send: async () => 'OK' }), undefined],
])('%s', (_, make, address) => {
  expect(serverAddress(make())).toBe(address);
});
