const { ExpressInstrumentation } = require('@opentelemetry/instrumentation-express');
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
const { PgInstrumentation } = require('@opentelemetry/instrumentation-pg');
const { RedisInstrumentation } = require('@opentelemetry/instrumentation-redis');
const { UndiciInstrumentation } = require('@opentelemetry/instrumentation-undici');

/** What both peers are given: the server, the framework, the drivers. */
exports.instrumentations = ({ undici }) => [
  new HttpInstrumentation(),
  new ExpressInstrumentation(),
  new PgInstrumentation(),
  new RedisInstrumentation(),
  ...(undici ? [new UndiciInstrumentation()] : []),
];
