import { ServicesError } from '../errors';
import { serverIdentity } from '../process/server-identity';
import { toolsDirectory } from '../tools/tools-directory';
import type { RedisOptions } from '../types';
import { openWorkplace } from '../workplace';
import { findRedis } from './find-redis';
import { RedisGroup } from './redis-group';

/** What a group of servers is called, and needs. */
export interface RedisGroupKind {
  /** Part of the directory's name. */
  readonly name: string;
  /** In sentences. */
  readonly title: string;
  /** Whether a container will do, of which one port of this machine leads to one port. */
  readonly inDocker: boolean;
}

/**
 * Finds a Redis and a directory, and has servers started there; they are ended should that fail.
 *
 * @throws ServicesError `REDIS_UNAVAILABLE`, and what `start` throws
 */
export async function startRedisGroup<Service>(
  { name, title, inDocker }: RedisGroupKind,
  options: RedisOptions,
  start: (group: RedisGroup) => Promise<Service>,
): Promise<Service> {
  const identity = serverIdentity();
  const program = await findRedis(toolsDirectory(options.toolsDirectory, identity), options);
  const isDocker = program.source === 'docker';
  if (isDocker && !inDocker) {
    throw new ServicesError(
      'REDIS_UNAVAILABLE',
      `${title} needs a Redis of this machine, and there is only Docker's. Install one ("apt install redis-server", "brew install redis").`,
    );
  }
  options.onProgress?.(`Starting ${title} (${program.source})…`);
  const workplace = openWorkplace(name, options.directory, identity);
  // Docker's client talks to an engine that only this user may be allowed to reach.
  const group = new RedisGroup({ program, workplace, identity: isDocker ? undefined : identity }, options);
  try {
    return await start(group);
  } catch (error) {
    await group.close();
    throw error;
  }
}
