import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { RedisInstrumentation } from '@opentelemetry/instrumentation-redis';
import { insideTraces } from './inside-traces';
import { redisCommandText } from './redis-command-text';

const options = { requireParentSpan: true, dbStatementSerializer: redisCommandText };

/** A script that is sent whole next, and a key that lies elsewhere (Redis Cluster). */
const answers = /^(NOSCRIPT|MOVED|ASK) /;

/** Of node-redis, which writes `redis-GET` where the conventions say `GET`. */
const ownPrefix = 'redis-';

/** node-redis 2 to 6, by its stable conventions. */
export function createRedisInstrumentation(): RedisInstrumentation {
  return insideTraces(new RedisInstrumentation(options), {
    answers,
    spanName: (name) => (name.startsWith(ownPrefix) ? name.slice(ownPrefix.length) : name),
  });
}

/** ioredis 2 to 6, by its stable conventions. */
export function createIoredisInstrumentation(): IORedisInstrumentation {
  return insideTraces(new IORedisInstrumentation(options), { answers });
}
