import { startDrillControl } from '../../../../scripts/lib/drill-control.mjs';
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
 */
export async function startWalkApp(started, serve, cluster, sessionSecret) {
  const redis = await started.server(startRedisToKill());
  const scorer = await started.server(startScorer());
  const provider = await startDemoProvider(started);
  const control = await started.server(
    startDrillControl({ servers: [...cluster.nodes, redis], say: console.error }),
  );
  const servers = { databaseUrl: cluster.primaryUrl, replicaUrls: cluster.replicaUrls };
  await serve({
    ...(await createDatabase(servers, 'crm_walk')),
    REDIS_URL: redis.url,
    OPENAI_BASE_URL: scorer.url,
    SESSION_SECRET: sessionSecret,
    CRM_DEMO: '1',
    ...control.env,
    ...provider,
  });
  process.env.TEST_WALK_ORIGIN = provider.PUBLIC_URL;
  process.env.TEST_WALK_PROVIDER = provider.OIDC_ISSUER;
}
