import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { RedisInstrumentation } from '@opentelemetry/instrumentation-redis';
import { insideTraces } from './inside-traces';
import { redisCommandText } from './redis-command-text';

const options = { requireParentSpan: true, dbStatementSerializer: redisCommandText };

/** node-redis 2 to 6, by its stable conventions. */
export function createRedisInstrumentation(): RedisInstrumentation {
  return insideTraces(new RedisInstrumentation(options));
}

/** ioredis 2 to 6, by its stable conventions. */
export function createIoredisInstrumentation(): IORedisInstrumentation {
  return insideTraces(new IORedisInstrumentation(options));
}
