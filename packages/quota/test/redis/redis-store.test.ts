import { describe, expect, test } from '@jest/globals';
import Redis from 'ioredis';
import { redisStore } from '../../src/redis';

const client = { send: async () => [2] };

describe('redisStore', () => {
  test.each([undefined, null, 'redis://:secret@host', 5, {}, { send: 1 }])(
    'refuses what is no client: %p',
    (value) => {
      expect(() => redisStore(value as never)).toThrow(
        /^(?!.*secret)redisStore: client must be a client of redis or ioredis, got /,
      );
    },
  );

  test.each<[object, string]>([
    [{ timeoutMs: 0 }, '"timeoutMs" must be a positive number, got 0'],
    [{ timeoutMs: Number.POSITIVE_INFINITY }, '"timeoutMs" must be a positive number, got Infinity'],
    [{ maxInFlight: 0 }, '"maxInFlight" must be a whole number above 0, got 0'],
    [{ maxInFlight: 1.5 }, '"maxInFlight" must be a whole number above 0, got 1.5'],
    [{ maxInFlight: '5' }, '"maxInFlight" must be a whole number above 0, got "5"'],
    [{ namespace: '' }, '"namespace" must be a non-empty string, got ""'],
    [{ timeout: 5 }, 'unknown option "timeout"; known are timeoutMs, maxInFlight, namespace'],
  ])('refuses options that are none: %p', (options, message) => {
    expect(() => redisStore(client, options as never)).toThrow(new RegExp(`^redisStore: .*${message}`));
  });

  test('refuses a client by which no script can be sent', () => {
    const piped = new Redis({ lazyConnect: true, enableAutoPipelining: true });
    expect(() => redisStore(piped)).toThrow(/^redisStore: client must not have enableAutoPipelining/);
  });

  test('answers over the network', () => {
    expect(redisStore(client).isLocal).toBe(false);
  });
});
