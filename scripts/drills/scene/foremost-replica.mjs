import { query } from './query.mjs';

const received = `select coalesce(pg_last_wal_receive_lsn() - '0/0'::pg_lsn, 0)::text as bytes`;

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
    replicas.map(async (node) => {
      const [{ bytes }] = await query(node.url, received);
      return { node, bytes: BigInt(bytes) };
    }),
  );
  const [foremost] = positions.sort((a, b) => Number(b.bytes - a.bytes));
  if (!foremost) throw new Error('There is no replica to choose from');
  return foremost.node;
}
