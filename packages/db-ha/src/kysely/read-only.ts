import type { KyselyPlugin } from 'kysely';
import { checkReadOptions } from '../check-call-options';
import type { ReadOptions } from '../types';
import { readMarks } from './read-marks';

/**
 * Lets queries be read from a replica, where the dialect is a {@link clusterDialect}. Inside a transaction they
 * stay where the transaction is. A query that writes is refused by the server.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * const reads = db.withPlugin(readOnly());
 * await reads.selectFrom('contacts').selectAll().execute(); // sees what this session wrote
 * await db.withPlugin(readOnly({ consistency: 'eventual' })).selectFrom('plans').selectAll().execute();
 */
export function readOnly(options: ReadOptions = {}): KyselyPlugin {
  checkReadOptions(options);
  return {
    transformQuery({ queryId, node }) {
      readMarks.set(queryId, options);
      return node;
    },
    transformResult: async ({ result }) => result,
  };
}
