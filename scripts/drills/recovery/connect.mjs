import pg from 'pg';

/**
 * A connection that ends with the drill.
 *
 * @param {string} url
 * @param {string | undefined} ca
 * @param {import('@unite/ops/drill').DrillRun} run
 */
export async function connect(url, ca, run) {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    application_name: 'drill',
    ...(ca !== undefined && { ssl: { ca, minVersion: 'TLSv1.3' } }),
  });
  // Unheard, a connection that breaks would end the process; the query under way says it too.
  client.on('error', () => {});
  await client.connect();
  run.undo(() => client.end());
  return client;
}
