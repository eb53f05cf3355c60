import { startPostgres } from '@unite/services';
import { runScript } from './run-app.mjs';

/**
 * The application with servers of its own to kill: what is promoted stays so. What these servers do is only seen by
 * asking them, so nothing is cached.
 *
 * @param started where what is started is kept, to be ended
 * @param serve starts the application
 * @param sessionSecret what the tests sign sessions of their own with
 */
export async function startDrillApp(started, serve, sessionSecret) {
  const cluster = await started.server(startPostgres({ replicas: 2 }));
  const env = {
    DATABASE_URL: cluster.primaryUrl,
    REPLICA_URLS: cluster.replicaUrls.join(','),
    SESSION_SECRET: sessionSecret,
  };
  await runScript('migrate', env);
  await runScript('seed', env);
  const { origin } = await serve({ ...env, CRM_DEMO: '1', CRM_CACHE: 'off' });
  process.env.TEST_DRILL_ORIGIN = origin;
  process.env.TEST_DRILL_URLS = [cluster.primaryUrl, ...cluster.replicaUrls].join(',');
  return cluster;
}
