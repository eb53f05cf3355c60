import pg from 'pg';

/** What a server that is there may take on a machine that is busy with other things. */
const patienceMs = 20_000;

/** A connection to one server, closed again after `work`; with TLS 1.3 where there is an authority to trust. */
export async function withClient<Result>(
  connectionString: string,
  work: (client: pg.Client) => Promise<Result>,
  ca?: string | undefined,
  connectTimeoutMs = patienceMs,
): Promise<Result> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: 30_000,
    ...(ca !== undefined && { ssl: { ca, minVersion: 'TLSv1.3' } }),
  });
  // A server that ends under an idle client is reported here; the next query fails and tells the caller.
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Whether the server answers a real query, soon. */
export async function answersQuery(connectionString: string, ca?: string | undefined): Promise<boolean> {
  try {
    await withClient(connectionString, (client) => client.query('SELECT 1'), ca, 2_000);
    return true;
  } catch {
    return false;
  }
}
