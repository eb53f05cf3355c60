import pg from 'pg';

/** A connection to one server, closed again after `work`. */
export async function withClient<Result>(
  connectionString: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000, query_timeout: 30_000 });
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
export async function answersQuery(connectionString: string): Promise<boolean> {
  try {
    await withClient(connectionString, (client) => client.query('SELECT 1'));
    return true;
  } catch {
    return false;
  }
}
