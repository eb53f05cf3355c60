import { randomUUID } from 'node:crypto';
import { checkOptions, describeValue, optionChecks } from '@unite/shared';
import { isRedisLike, redisSender } from '@unite/shared/redis';
import type { CheckResult, HealthCheck } from '../health/health-types';
import { commonChecks, defineCheck } from './define-check';
import { redisFailure } from './redis-failure';
import type { RedisCheckOptions, RedisLike, RedisSender } from './redis-types';
import { RoundTrip } from './round-trip';

/** What was written goes by itself after this long, in milliseconds. */
const nonceLivesMs = 60_000;

/**
 * Whether Redis answers, and takes writes where these are needed.
 *
 * The client is the caller's: it is neither opened nor closed here. To one without a connection nothing is sent, and a
 * command that is not answered is not followed by another one for 30 s.
 *
 * @param client of `redis` 5 or later, of `ioredis` 5 or later, or anything with `send`
 * @throws TypeError for what is no client, and for options that are none
 * @example
 * const lifecycle = createLifecycle({ checks: { redis: redisCheck(redis, { group: 'degraded' }) } });
 */
export function redisCheck(client: RedisLike, options: RedisCheckOptions = {}): HealthCheck {
  if (!isRedisLike(client)) {
    // A URL may have a password.
    const got = typeof client === 'string' ? 'text' : describeValue(client);
    throw new TypeError(`redisCheck: client must be a client of redis or ioredis, got ${got}`);
  }
  checkOptions('redisCheck', options, { ...commonChecks, requireWrites: optionChecks.boolean });
  const key = `unite:health:${randomUUID()}`;
  const ask = options.requireWrites ? writeAndRead : ping;
  const roundTrip = new RoundTrip(() => withSender(client, (sender) => ask(sender, key)));
  return defineCheck(options, async (signal, waitMs) => {
    try {
      const failure = await roundTrip.ask(waitMs, signal);
      return failure === undefined ? { status: 'up' } : down(failure);
    } catch (error) {
      signal.throwIfAborted();
      return down(redisFailure(error));
    }
  });
}

function down(detail: string): CheckResult {
  return { status: 'down', detail };
}

/** For one question alone: who keeps a sender keeps the client open that a cache or a store wants to close. */
async function withSender(
  client: RedisLike,
  ask: (sender: RedisSender) => Promise<string | undefined>,
): Promise<string | undefined> {
  if ('send' in client) return askWhenReady(client, ask);
  const sender = redisSender(client);
  try {
    return await askWhenReady(sender, ask);
  } finally {
    await sender.close?.();
  }
}

/** A client without a connection would keep the command until it has one. */
async function askWhenReady(
  sender: RedisSender,
  ask: (sender: RedisSender) => Promise<string | undefined>,
): Promise<string | undefined> {
  return sender.isReady?.() === false ? 'the client is not connected' : ask(sender);
}

async function ping(sender: RedisSender, key: string): Promise<undefined> {
  await sender.send(['PING'], { key, bytes: false });
}

async function writeAndRead(sender: RedisSender, key: string): Promise<string | undefined> {
  const nonce = randomUUID();
  const route = { key, bytes: false };
  await sender.send(['SET', key, nonce, 'PX', String(nonceLivesMs)], route);
  const found = await sender.send(['GET', key], route);
  return String(found) === nonce ? undefined : 'does not give back what was written';
}
