import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RedisService, startRedis } from '@unite/services';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { redisTls } from '../../src/tls';
import { certificates, cleanUp, tcp } from './support';

describe('redisTls', () => {
  let own: Awaited<ReturnType<typeof certificates>>;
  let redis: RedisService;

  beforeAll(async () => {
    own = await certificates();
    redis = await startRedis({ tls: own });
  });
  afterAll(async () => {
    await redis?.close();
    await cleanUp();
  });

  async function byNodeRedis(url: string, ca: string): Promise<string> {
    const { socket, ...given } = redisTls(url, { ca });
    const client = createClient({ url: given.url, socket: { ...socket, reconnectStrategy: false } });
    client.on('error', () => {});
    try {
      await client.connect();
      return await client.ping();
    } finally {
      if (client.isOpen) client.destroy();
    }
  }

  async function byIoRedis(url: string, ca: string): Promise<string> {
    const { tls } = redisTls(url, { ca });
    const client = new Redis(url, {
      tls,
      lazyConnect: true,
      retryStrategy: () => null,
      maxRetriesPerRequest: 0,
    });
    let reason: unknown;
    client.on('error', (error) => {
      reason = error;
    });
    try {
      await client.connect();
      return await client.ping();
    } catch (error) {
      throw reason ?? error;
    } finally {
      client.disconnect();
      // It waits for the other side to end it too.
      (client as unknown as { stream?: { destroy(): void } }).stream?.destroy();
    }
  }

  describe.each([
    ['node-redis', byNodeRedis],
    ['ioredis', byIoRedis],
  ])('%s', (_, ping) => {
    it('connects by TLS 1.3, by address and by name', async () => {
      expect(await ping(redis.url, own.ca)).toBe('PONG');
      expect(await ping(redis.url.replace('127.0.0.1', 'localhost'), own.ca)).toBe('PONG');
    });

    it('refuses an authority that is not the server’s, and a name that is not its own', async () => {
      await expect(ping(redis.url, (await certificates()).ca)).rejects.toThrow(/certificate/);
      const named = await certificates({ hosts: ['redis.test'] });
      await using other = await startRedis({ tls: own });
      await expect(ping(other.url, named.ca)).rejects.toThrow(/certificate/);
    });

    it('does not log in to what answers in plain text', async () => {
      const heard: Buffer[] = [];
      const port = await tcp((socket, chunk) => {
        heard.push(chunk);
        socket.write('+OK\r\n');
      });
      await expect(ping(`rediss://:secret@127.0.0.1:${port}`, own.ca)).rejects.toThrow();
      expect(Buffer.concat(heard).toString('latin1')).not.toMatch(/secret|AUTH/);
    });
  });

  it.each([
    ['redis://:secret@db.test:6379', 'UNITE_CRYPTO_TLS_WEAK', /redis:\/\/…, which is plain text/],
    ['rediss://:secret@db.test?tls=none', 'UNITE_CRYPTO_TLS_WEAK', /"tls"/],
    ['rediss://:secret@db.test?host=other.test', 'UNITE_CRYPTO_TLS_WEAK', /"host"/],
    ['https://:secret@db.test', undefined, /must be rediss:/],
  ])('refuses %s, without the password', (url, code, message) => {
    const refuse = () => redisTls(url);
    expect(refuse).toThrow(message);
    try {
      refuse();
    } catch (error) {
      expect((error as { code?: string }).code).toBe(code);
      expect(String(error)).not.toContain('secret');
    }
  });
});
