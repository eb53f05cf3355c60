import pg from 'pg';

/**
 * Runs `work` as the owner of the database on whichever server is the primary now.
 *
 * @template Result
 * @param {readonly { url: string, pid: number | undefined }[]} nodes
 * @param {(client: pg.Client, url: string) => Promise<Result>} work
 * @returns {Promise<Result>}
 * @throws {Error} where none is
 */
export async function onPrimary(nodes, work) {
  for (const { url, pid } of nodes) {
    if (pid === undefined) continue;
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    await client.connect();
    try {
      const { rows } = await client.query('select pg_is_in_recovery() as "isReplica"');
      if (!rows[0].isReplica) return await work(client, url);
    } finally {
      await client.end();
    }
  }
  throw new Error('No server of the database takes writes');
}
