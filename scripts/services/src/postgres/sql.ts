import pg from 'pg';

/** A connection to one server, closed again after `work`; with TLS 1.3 where there is an authority to trust. */
export async function withClient<Result>(
  connectionString: string,
  work: (client: pg.Client) => Promise<Result>,
  ca?: string | undefined,
): Promise<Result> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: 2_000,
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

/** Whether the server answers a real query. */
export async function answersQuery(connectionString: string, ca?: string | undefined): Promise<boolean> {
  try {
    await withClient(connectionString, (client) => client.query('SELECT 1'), ca);
    return true;
  } catch {
    return false;
  }
}
