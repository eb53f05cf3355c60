import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startPostgres, startRedis } from '@unite/services';
import { runProgram } from './support/run-program';

let redis: Awaited<ReturnType<typeof startRedis>>;
let postgres: Awaited<ReturnType<typeof startPostgres>>;
beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgres({ replicas: 0 })]);
});
afterAll(() => Promise.all([redis.close(), postgres.close()]));

/** The same as `npm run bench -- tracing-parents` runs with ten thousand. */
const bench = (file: string) =>
  JSON.stringify(pathToFileURL(join(__dirname, '../../../../bench/tracing-parents', file)).href);
/** Five seconds where nothing else runs. */
const timeoutMs = 140_000;
const requests = { whole: 1_000, broken: 50 };

const program = `
  import * as api from '@opentelemetry/api';
  import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
  import pg from 'pg';
  import { createClient } from 'redis';
  import { collectSpans } from ${bench('collect-spans.mjs')};
  import { judgeParents } from ${bench('judge-parents.mjs')};
  import { runRequests } from ${bench('run-requests.mjs')};
  import { stackContextManager } from ${bench('stack-context-manager.mjs')};

  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
  const commandOptions = { timeout: ${timeoutMs} };
  const redis = await createClient({ url: process.env.REDIS_URL, commandOptions }).connect();
  const whole = await run(${requests.whole});
  api.context.disable();
  api.context.setGlobalContextManager(stackContextManager(api.ROOT_CONTEXT));
  const broken = await run(${requests.broken});
  await Promise.all([pool.end(), redis.close()]);
  test.tell({ whole, broken });

  async function run(requests) {
    const collector = collectSpans();
    const provider = new BasicTracerProvider({ spanProcessors: [collector] });
    for (const one of test.instrumentations) one.setTracerProvider(provider);
    await runRequests(requests, { api, tracer: provider.getTracer('test'), pool, redis });
    return judgeParents(collector.spans, requests);
  }
`;

interface Judgement {
  readonly spans: number;
  readonly wrong: number;
  readonly missing: number;
  readonly examples: readonly string[];
}

test('of a thousand requests at once no span is under a wrong parent', async () => {
  const { whole, broken } = await runProgram<{ whole: Judgement; broken: Judgement }>(program, {
    names: ['http', 'pg', 'redis', 'unite'],
    env: { REDIS_URL: redis.url, DATABASE_URL: postgres.primaryUrl },
    timeoutMs,
  });
  expect(whole).toEqual({ spans: expect.any(Number), wrong: 0, missing: 0, examples: [] });
  expect(whole.spans).toBeGreaterThanOrEqual(20 * requests.whole);
  // With a context manager that loses the context the same check fails.
  expect(broken.wrong).toBeGreaterThan(requests.broken);
}, 150_000);
