import { startScorer } from '../../scripts/scorer.mjs';
import { startRedisToKill } from './drill-redis.mjs';
import { createDatabase } from './own-database.mjs';
import { startDemoProvider } from './start-demo-provider.mjs';

/**
 * The application as `npm start` brings it up, with all that stands beside it, on servers that may be killed.
 *
 * @param started where what is started is kept, to be ended
 * @param serve starts the application
 * @param cluster PostgreSQL with two replicas
 * @param sessionSecret what the tests sign sessions of their own with
 * @returns its Redis; absent where there is none
 */
export async function startWalkApp(started, serve, cluster, sessionSecret) {
  const redis = await started.server(startRedisToKill('walk_redis'));
  const scorer = await started.server(startScorer());
  const provider = await startDemoProvider(started);
  const servers = { databaseUrl: cluster.primaryUrl, replicaUrls: cluster.replicaUrls };
  await serve({
    ...(await createDatabase(servers, 'crm_walk')),
    REDIS_URL: redis.url,
    OPENAI_BASE_URL: scorer.url,
    SESSION_SECRET: sessionSecret,
    CRM_DEMO: '1',
    ...provider,
  });
  process.env.TEST_WALK_ORIGIN = provider.PUBLIC_URL;
  process.env.TEST_WALK_PROVIDER = provider.OIDC_ISSUER;
  return redis;
}
