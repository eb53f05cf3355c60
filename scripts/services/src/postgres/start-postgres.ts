import { ServicesError } from '../errors';
import { serverIdentity } from '../process/server-identity';
import type { PostgresCluster, PostgresOptions } from '../types';
import { openWorkplace } from '../workplace';
import { postgresBinaries } from './binaries';
import { LocalCluster, maxReplicas } from './local-cluster';

/**
 * Starts a PostgreSQL 18 primary with streaming standbys, from the binaries of an npm package: nothing is
 * installed, and no Docker is needed. Resolves when every standby streams.
 *
 * The servers listen on 127.0.0.1 alone, with a generated password. They end with this process, however it
 * ends.
 *
 * @throws ServicesError
 * @example
 * await using cluster = await startPostgres({ replicas: 2 });
 * const pool = new pg.Pool({ connectionString: cluster.primaryUrl });
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresCluster> {
  const { replicas = 2 } = options;
  if (!Number.isInteger(replicas) || replicas < 0 || replicas > maxReplicas) {
    throw new ServicesError(
      'INVALID_OPTION',
      `startPostgres: option "replicas" must be 0 to ${maxReplicas}, got ${replicas}`,
    );
  }
  const identity = serverIdentity();
  const binaries = postgresBinaries(identity);
  const workplace = openWorkplace('postgres', options.directory, identity);
  const cluster = new LocalCluster({ ...options, replicas, identity, binaries, workplace });
  try {
    await cluster.start();
    return cluster;
  } catch (error) {
    await cluster.close();
    throw error;
  }
}
