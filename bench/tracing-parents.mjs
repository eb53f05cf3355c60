/**
 * Whether each span has the parent that the program's structure gives it, over many requests that are open at the same
 * time: timers, immediates, ticks, streams, emitters, `Promise.all`, a pool of PostgreSQL, one connection to Redis,
 * shared HTTP connections, and the family's channels. Once more with a context manager that is broken, to see that the
 * check can fail.
 *
 * node tracing-parents.mjs [--quick]   (build the packages first)
 */
import { createRequire } from 'node:module';
import { instrumentationsFor } from '../packages/tracing/dist/instrumentation.js';
import { startPostgres, startRedis } from '../scripts/services/dist/index.js';
import { Report } from './lib/report.mjs';
import { collectSpans } from './tracing-parents/collect-spans.mjs';
import { judgeParents } from './tracing-parents/judge-parents.mjs';
import { runRequests } from './tracing-parents/run-requests.mjs';
import { stackContextManager } from './tracing-parents/stack-context-manager.mjs';

const report = new Report({
  title: 'Parents of spans',
  subject: 'tracing',
  about:
    'Whether each span has the parent that the program’s structure gives it, over many requests that are open at the same time: timers, streams, emitters, `Promise.all`, a pool of PostgreSQL, one connection to Redis, shared HTTP connections, and the family’s channels. Once more with a context manager that is broken, to see that the check can fail.',
});
const requests = report.quick ? 1_000 : 10_000;
/** The copies that the package uses: a second one of the API would see nothing. */
const require = createRequire(new URL('../packages/tracing/package.json', import.meta.url));
const api = require('@opentelemetry/api');
const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks');
const { BasicTracerProvider } = require('@opentelemetry/sdk-trace-base');

const instrumentations = instrumentationsFor(['http', 'pg', 'redis', 'unite']);
// Not before there is something to patch them.
const [{ default: pg }, { createClient }] = await Promise.all([import('pg'), import('redis')]);
const [postgres, redisServer] = await Promise.all([startPostgres({ replicas: 0 }), startRedis()]);
const pool = new pg.Pool({ connectionString: postgres.primaryUrl });
// Its commands wait for all others; after five seconds it would give them up.
const commandOptions = { timeout: 240_000 };
const redis = await createClient({ url: redisServer.url, commandOptions }).connect();

const whole = await run('AsyncLocalStorage', new AsyncLocalStorageContextManager());
const broken = await run('broken', stackContextManager(api.ROOT_CONTEXT));
report.table(
  `${requests} requests at once`,
  ['context manager', 'spans', 'wrong parent', 'missing', 'seconds'],
  [whole, broken].map((one) => [one.name, one.spans, one.wrong, one.missing, one.seconds]),
);
report.note(`What the broken one gets wrong, such as: ${broken.examples.join('; ')}`);
for (const one of instrumentations) one.disable();
await Promise.all([pool.end(), redis.close()]);
await Promise.all([postgres.close(), redisServer.close()]);
report.claim(`none of ${whole.spans} spans is under a wrong parent`, whole.wrong === 0, {
  figure: [`${whole.wrong}`, ...whole.examples].join('; '),
});
report.claim(`each of ${requests} requests has all its spans`, whole.missing === 0, {
  figure: `${whole.missing} missing`,
});
report.claim('the check notices a context manager that is broken', broken.wrong > 0, {
  figure: `${broken.wrong} wrong`,
});
report.end();

async function run(name, manager) {
  api.context.disable();
  api.context.setGlobalContextManager(manager);
  const collector = collectSpans();
  const provider = new BasicTracerProvider({ spanProcessors: [collector] });
  for (const one of instrumentations) one.setTracerProvider(provider);
  const startedAtMs = performance.now();
  await runRequests(requests, { api, tracer: provider.getTracer('bench'), pool, redis });
  const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1);
  return { name, seconds, ...judgeParents(collector.spans, requests) };
}
