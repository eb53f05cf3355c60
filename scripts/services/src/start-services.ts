import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Deadline } from './deadline';
import { ServicesError } from './errors';
import { answersQuery } from './postgres/sql';
import { startPostgres } from './postgres/start-postgres';
import { answersPing } from './redis/ping';
import { startRedis } from './redis/start-redis';
import type {
  Certificates,
  CloseOptions,
  PostgresCluster,
  RedisService,
  Services,
  ServicesOptions,
} from './types';

/** How long a server that the environment names may take to answer. */
const overrideTimeoutMs = 10_000;

/**
 * Starts what an application needs: a PostgreSQL primary with two standbys, and a Redis. What `DATABASE_URL`,
 * `REPLICA_URLS` and `REDIS_URL` name is used instead. A machine without any Redis is no failure:
 * `redisMissing` says what to install.
 *
 * @throws ServicesError
 * @example
 * await using services = await startServices({ env: process.env, onProgress: console.log });
 * spawn('node', ['server.js'], { env: { ...process.env, ...services.env } });
 */
export async function startServices(options: ServicesOptions = {}): Promise<Services> {
  const { env = {} } = options;
  // Both end as one: were the first to fail to leave the second starting, nobody would close it.
  const [database, cache] = await Promise.allSettled([databaseOf(options, env), redisOf(options, env)]);
  if (database.status === 'rejected' || cache.status === 'rejected') {
    if (database.status === 'fulfilled') await database.value.postgres?.close();
    if (cache.status === 'fulfilled') await cache.value.redis?.close();
    throw database.status === 'rejected' ? database.reason : (cache as PromiseRejectedResult).reason;
  }
  return new LocalServices(database.value, cache.value, options.tls);
}

interface Database {
  readonly databaseUrl: string;
  readonly replicaUrls: readonly string[];
  readonly postgres?: PostgresCluster;
}

interface Cache {
  readonly redisUrl?: string;
  readonly redisMissing?: string;
  readonly redis?: RedisService;
}

type Environment = Readonly<Record<string, string | undefined>>;

async function databaseOf(options: ServicesOptions, env: Environment): Promise<Database> {
  const replicaUrls = (env.REPLICA_URLS ?? '')
    .split(',')
    .map((url) => url.trim())
    .filter(Boolean);
  if (env.DATABASE_URL) {
    for (const url of [env.DATABASE_URL, ...replicaUrls]) {
      await mustAnswer(
        'POSTGRES_FAILED',
        'DATABASE_URL or REPLICA_URLS',
        url,
        (url) => answersQuery(url, caOf(env)),
        options.signal,
      );
    }
    return { databaseUrl: env.DATABASE_URL, replicaUrls };
  }
  if (replicaUrls.length > 0)
    throw new ServicesError('INVALID_OPTION', 'REPLICA_URLS is set without DATABASE_URL');
  const postgres = await startOwnPostgres(options);
  return { databaseUrl: postgres.primaryUrl, replicaUrls: postgres.replicaUrls, postgres };
}

async function startOwnPostgres(options: ServicesOptions): Promise<PostgresCluster> {
  const { onExit } = options;
  try {
    return await startPostgres({
      ...options,
      directory: options.directory && join(options.directory, 'postgres'),
      onExit: (node, exit) => onExit?.(`PostgreSQL ${node.name}`, exit, () => node.start()),
    });
  } catch (cause) {
    if (!ServicesError.isInstance(cause) || cause.code !== 'POSTGRES_UNAVAILABLE') throw cause;
    throw new ServicesError(
      cause.code,
      `No PostgreSQL: ${cause.message}\nOr set DATABASE_URL (and REPLICA_URLS) to servers of your own, such as those of "docker compose up", whose URLs are in compose.yaml.`,
      { cause },
    );
  }
}

async function redisOf(options: ServicesOptions, env: Environment): Promise<Cache> {
  if (env.REDIS_URL) {
    await mustAnswer(
      'REDIS_FAILED',
      'REDIS_URL',
      env.REDIS_URL,
      (url) => answersPing(url, caOf(env)),
      options.signal,
    );
    return { redisUrl: env.REDIS_URL };
  }
  const { onExit } = options;
  try {
    const redis = await startRedis({
      ...options,
      directory: options.directory && join(options.directory, 'redis'),
      onExit: (exit) => onExit?.('Redis', exit, undefined),
    });
    return { redisUrl: redis.url, redis };
  } catch (error) {
    if (ServicesError.isInstance(error) && error.code === 'REDIS_UNAVAILABLE')
      return { redisMissing: error.message };
    throw error;
  }
}

/** Whom the environment trusts. */
function caOf({ TLS_CA_FILE: file }: Environment): string | undefined {
  return file ? readFileSync(file, 'utf8') : undefined;
}

async function mustAnswer(
  code: 'POSTGRES_FAILED' | 'REDIS_FAILED',
  variable: string,
  url: string,
  ask: (url: string) => Promise<boolean>,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!URL.canParse(url)) throw new ServicesError('INVALID_OPTION', `${variable} is not a URL`);
  if (await new Deadline(overrideTimeoutMs, signal).poll(() => ask(url), 200)) return;
  const { host, pathname } = new URL(url); // Never the whole URL, which holds a password.
  throw new ServicesError(
    code,
    `nothing answers at ${host}${pathname}, which ${variable} names; is it running, and is the password right?`,
  );
}

class LocalServices implements Services {
  readonly databaseUrl: string;
  readonly replicaUrls: readonly string[];
  readonly postgres: PostgresCluster | undefined;
  readonly redisUrl: string | undefined;
  readonly redisMissing: string | undefined;
  readonly redis: RedisService | undefined;
  readonly certificates: Certificates | undefined;

  constructor(database: Database, cache: Cache, certificates: Certificates | undefined) {
    this.databaseUrl = database.databaseUrl;
    this.replicaUrls = database.replicaUrls;
    this.postgres = database.postgres;
    this.redisUrl = cache.redisUrl;
    this.redisMissing = cache.redisMissing;
    this.redis = cache.redis;
    this.certificates = certificates;
  }

  get env(): Readonly<Record<string, string>> {
    return {
      DATABASE_URL: this.databaseUrl,
      REPLICA_URLS: this.replicaUrls.join(','),
      ...(this.redisUrl && { REDIS_URL: this.redisUrl }),
      ...(this.certificates && {
        TLS_CA_FILE: this.certificates.caPath,
        TLS_CERT_FILE: this.certificates.certPath,
        TLS_KEY_FILE: this.certificates.keyPath,
      }),
    };
  }

  async close(options?: CloseOptions): Promise<void> {
    await Promise.all([this.postgres?.close(options), this.redis?.close(options)]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
