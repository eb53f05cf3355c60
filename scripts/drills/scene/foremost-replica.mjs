import pg from 'pg';

/**
 * The replica that has received the most of the log: the one to promote, since what it has not received is lost.
 *
 * @template {{ url: string }} Node
 * @param {readonly Node[]} replicas which run
 * @returns {Promise<Node>}
 * @throws {Error} where there is none
 */
export async function foremostReplica(replicas) {
  const positions = await Promise.all(
    replicas.map(async (node) => ({ node, bytes: await receivedBytes(node.url) })),
  );
  const [foremost] = positions.sort((a, b) => Number(b.bytes - a.bytes));
  if (!foremost) throw new Error('There is no replica to choose from');
  return foremost.node;
}

/** @param {string} connectionString */
async function receivedBytes(connectionString) {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    const { rows } = await client.query(
      `select coalesce(pg_last_wal_receive_lsn() - '0/0'::pg_lsn, 0)::text as bytes`,
    );
    return BigInt(rows[0].bytes);
  } finally {
    await client.end();
  }
}
