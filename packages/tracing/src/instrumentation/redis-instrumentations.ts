import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { RedisInstrumentation } from '@opentelemetry/instrumentation-redis';
import { insideTraces } from './inside-traces';
import { redisCommandText } from './redis-command-text';

const options = { requireParentSpan: true, dbStatementSerializer: redisCommandText };

/** A script that is sent whole next, and a key that lies elsewhere (Redis Cluster). */
const answers = /^(NOSCRIPT|MOVED|ASK) /;

/** node-redis 2 to 6, by its stable conventions. It writes `redis-GET` where they say `GET`. */
export function createRedisInstrumentation(): RedisInstrumentation {
  return insideTraces(new RedisInstrumentation(options), {
    answers,
    spanName: (name) => name.replace(/^redis-/, ''),
  });
}

/** ioredis 2 to 6, by its stable conventions. */
export function createIoredisInstrumentation(): IORedisInstrumentation {
  return insideTraces(new IORedisInstrumentation(options), { answers });
}
