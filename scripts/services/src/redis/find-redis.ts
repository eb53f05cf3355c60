import { ServicesError } from '../errors';
import { runCommand } from '../process/run-command';
import type { RedisOptions, RedisService } from '../types';
import { findOnPath, type RedisProgram } from './redis-program';
import { unpackDebianRedis } from './unpack-debian';

type Finder = (toolsDirectory: string, options: RedisOptions) => Promise<RedisProgram | string>;

/** Each source gives a program, or says in words why it cannot. */
const finders: Record<RedisService['source'], Finder> = {
  path: async () => onPath() ?? 'no redis-server on PATH',
  debian: unpackDebianRedis,
  apt: installByApt,
  docker: findDocker,
};

/** The order in which sources are tried: what costs and changes least comes first. */
const redisSources = Object.keys(finders) as RedisService['source'][];

/**
 * Finds a Redis to run, or fetches one.
 *
 * @throws ServicesError `REDIS_UNAVAILABLE`, with what was tried and what to install
 */
export async function findRedis(toolsDirectory: string, options: RedisOptions): Promise<RedisProgram> {
  const reasons: string[] = [];
  for (const source of options.sources ?? redisSources) {
    const found = await finders[source](toolsDirectory, options);
    if (typeof found === 'object') return found;
    reasons.push(`  ${source}: ${found}`);
  }
  throw new ServicesError(
    'REDIS_UNAVAILABLE',
    [
      'No Redis was found.',
      ...reasons,
      'Install one ("apt install redis-server", "brew install redis"), start Docker, or set REDIS_URL.',
    ].join('\n'),
  );
}

function onPath(): RedisProgram | undefined {
  const command = findOnPath('redis-server', 'valkey-server');
  return command === undefined ? undefined : { source: 'path', command };
}

async function installByApt(_: string, { onProgress, signal }: RedisOptions): Promise<RedisProgram | string> {
  if (process.getuid?.() !== 0) return 'needs root';
  if (!findOnPath('apt-get')) return 'not a Debian or Ubuntu system';
  onProgress?.('Installing redis-server by apt-get…');
  const { code, output } = await runCommand(
    'apt-get',
    ['install', '-y', '--no-install-recommends', 'redis-server'],
    {
      // In run level 1 the package does not start a server of its own on port 6379.
      env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
      timeoutMs: 180_000,
      signal,
    },
  );
  const program = code === 0 ? onPath() : undefined;
  return program
    ? { ...program, source: 'apt' }
    : `apt-get install failed: ${output.trim().split('\n').at(-1)}`;
}

async function findDocker(_: string, { signal }: RedisOptions): Promise<RedisProgram | string> {
  const command = findOnPath('docker');
  if (!command) return 'no docker on PATH';
  const { code } = await runCommand(command, ['version', '--format', '{{.Server.Version}}'], {
    timeoutMs: 5_000,
    signal,
  });
  return code === 0 ? { source: 'docker', command } : 'no Docker engine answers';
}
