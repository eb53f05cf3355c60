import type { Finding, Verifier, VerifyRun } from '@unite/core';
import { checkOptions, expects, optionChecks } from '@unite/shared';
import { type RedisLike as AnyRedis, checkClient, isRedisLike } from '@unite/shared/redis';
import { failed, passed, skipped } from '../finding';
import { CommandError, openRedis, type RedisSession } from './redis-session';
import { refusedFinding } from './refused';
import { readInfo, type ServerInfo } from './server-info';
import { clusterFinding, memoryFindings, persistenceFinding, serverFinding } from './settings-findings';
import type { VerifyRedisOptions } from './verify-redis-types';

/** Keys for a cluster: so many that, by chance, each of a few masters gets some. */
const clusterKeys = 24;

/** A key that nobody deleted is gone after this long, in milliseconds. */
const keyTtlMs = 60_000;

/**
 * Proves a Redis (or Valkey) by the client that the application uses: writes the nonce, reads it back, reads it by a
 * script, deletes it. In a cluster it does so with keys of many slots.
 *
 * Named are servers that do not answer, replicas that take no writes, wrong passwords, commands that the user may not
 * call, and full memory; then, by `INFO` where that is allowed, an eviction or a persistence that does not fit the
 * `purpose`.
 *
 * @throws TypeError for options that are none
 * @example
 * verifyRedis({ client: () => createClient({ url: env.redisUrl }), purpose: 'store' });
 */
export function verifyRedis(options: VerifyRedisOptions): Verifier {
  checkRedisOptions(options);
  const { name = 'redis', timeoutMs = 3_000 } = options;
  return {
    name,
    about: 'Redis takes, gives, runs and forgets a value, and is set up for its purpose',
    // Opening, four commands one after the other, and three questions.
    timeoutMs: 8 * timeoutMs + 1_000,
    run: (run) => verify(options, run),
  };
}

async function verify(options: VerifyRedisOptions, run: VerifyRun): Promise<Finding[]> {
  const { client, timeoutMs = 3_000 } = options;
  run.note('connecting to Redis');
  let redis: RedisSession;
  try {
    redis = await openRedis(client, { timeoutMs, signal: run.signal });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return [refusedFinding('round trip', error)];
  }
  try {
    return await askRedis(redis, options, run);
  } finally {
    await redis.close();
  }
}

async function askRedis(
  redis: RedisSession,
  { namespace = 'unite.verify', purpose }: VerifyRedisOptions,
  run: VerifyRun,
): Promise<Finding[]> {
  const key = `${namespace}:${run.nonce}`;
  run.note('writing to Redis and reading it back');
  const trip = await roundTrip(redis, [key], run.nonce);
  if (redis.isSilent) return [trip];
  const info = await askInfo(redis, key);
  if (!info) return [trip, skipped('settings', 'INFO is not allowed to this user')];
  const isCluster = info.get('redis_mode') === 'cluster';
  return [
    trip,
    serverFinding(info),
    ...(isCluster ? await askCluster(redis, key, run) : []),
    ...memoryFindings(info, purpose),
    ...(purpose === 'store' ? [persistenceFinding(info, await askSave(redis, key))] : []),
  ];
}

async function roundTrip(redis: RedisSession, keys: readonly string[], nonce: string): Promise<Finding> {
  const startMs = performance.now();
  try {
    const wrong = (await Promise.all(keys.map((key) => oneTrip(redis, key, nonce)))).find(Boolean);
    if (wrong) {
      return failed(
        'round trip',
        wrong,
        'Look whether a proxy or a replica answers reads in place of the primary.',
      );
    }
  } catch (error) {
    return refusedFinding('round trip', error);
  }
  const roundTripMs = Math.round(performance.now() - startMs);
  const where = keys.length === 1 ? 'one key' : `each of ${keys.length} keys`;
  return passed('round trip', `SET, GET, EVAL and DEL brought the nonce back from ${where}`, { roundTripMs });
}

/** @returns what came back wrong */
async function oneTrip(redis: RedisSession, key: string, nonce: string): Promise<string | undefined> {
  await redis.send(['SET', key, nonce, 'PX', String(keyTtlMs)], key);
  const got = await redis.send(['GET', key], key);
  const run = await redis.send(['EVAL', "return redis.call('GET', KEYS[1])", '1', key], key);
  const deleted = await redis.send(['DEL', key], key);
  if (String(got) !== nonce) return 'GET does not bring back what SET wrote';
  if (String(run) !== nonce) return 'EVAL does not bring back what SET wrote';
  return Number(deleted) === 1 ? undefined : 'DEL does not find what SET wrote';
}

async function askInfo(redis: RedisSession, key: string): Promise<ServerInfo | undefined> {
  try {
    return readInfo(await redis.send(['INFO'], key));
  } catch {
    return undefined;
  }
}

async function askCluster(redis: RedisSession, key: string, run: VerifyRun): Promise<Finding[]> {
  const keys = Array.from({ length: clusterKeys }, (_, index) => `${key}:${index}`);
  const trips = await roundTrip(redis, keys, run.nonce);
  try {
    return [trips, clusterFinding(readInfo(await redis.send(['CLUSTER', 'INFO'], key)))];
  } catch {
    return [trips, skipped('cluster', 'CLUSTER INFO is not allowed to this user')];
  }
}

/** The answer is a list, or with RESP 3 a map. */
async function askSave(redis: RedisSession, key: string): Promise<string | undefined> {
  try {
    const answer = await redis.send(['CONFIG', 'GET', 'save'], key);
    const save = Array.isArray(answer) ? answer[1] : (answer as { save?: unknown }).save;
    return save === undefined ? undefined : String(save);
  } catch {
    return undefined;
  }
}

function checkRedisOptions(options: VerifyRedisOptions): void {
  // A URL may have a password.
  if (typeof (options as Partial<VerifyRedisOptions> | undefined)?.client === 'string') {
    throw new TypeError(
      'verifyRedis: option "client" must be a client, or a function that makes one, got text',
    );
  }
  checkOptions(
    'verifyRedis',
    options,
    {
      client: (value) =>
        typeof value === 'function' || isRedisLike(value)
          ? undefined
          : 'a client of redis or ioredis, or a function that makes one',
      purpose: expects('"cache" or "store"', (value) => value === 'cache' || value === 'store'),
      namespace: optionChecks.string,
      timeoutMs: optionChecks.positive,
      name: optionChecks.string,
    },
    ['client'],
  );
  if (typeof options.client !== 'function') checkClient('verifyRedis', options.client as AnyRedis);
}
