import { join } from 'node:path';
import { ServicesError } from '../errors';
import { runCommand } from '../process/run-command';
import { findOnPath } from '../tools/find-on-path';
import { type Finder, firstFound } from '../tools/first-found';
import { installByApt } from '../tools/install-by-apt';
import type { Program } from '../tools/program';
import { unpackDebian } from '../tools/unpack-debian';
import type { RedisOptions, RedisService } from '../types';

/** A Redis that can be run. */
export interface RedisProgram extends Program {
  readonly source: RedisService['source'];
}

/**
 * Finds a Redis to run, or fetches one.
 *
 * @throws ServicesError `REDIS_UNAVAILABLE`, with what was tried and what to install
 */
export async function findRedis(toolsDirectory: string, options: RedisOptions): Promise<RedisProgram> {
  // In an order in which what costs and changes least comes first.
  const finders: Record<RedisService['source'], Finder<RedisProgram>> = {
    path: async () => onPath() ?? 'no redis-server on PATH',
    debian: () => unpacked(toolsDirectory, options),
    apt: () => installed(options),
    docker: () => findDocker(options),
  };
  const sources = options.sources ?? (Object.keys(finders) as RedisService['source'][]);
  const found = await firstFound(finders, sources);
  if (typeof found === 'object') return found;
  throw new ServicesError(
    'REDIS_UNAVAILABLE',
    [
      'No Redis was found.',
      ...(found ? [found] : []),
      'Install one ("apt install redis-server", "brew install redis"), start Docker, or set REDIS_URL.',
    ].join('\n'),
  );
}

function onPath(): RedisProgram | undefined {
  const command = findOnPath('redis-server', 'valkey-server');
  return command === undefined ? undefined : { source: 'path', command };
}

async function unpacked(
  toolsDirectory: string,
  { onProgress, signal }: RedisOptions,
): Promise<RedisProgram | string> {
  const program = await unpackDebian({
    title: 'Redis',
    packages: ['redis-server', 'redis-tools'],
    program: 'usr/bin/redis-server',
    versionArguments: ['--version'],
    version: /^(Redis|Valkey) server v/,
    directory: join(toolsDirectory, 'redis'),
    onProgress,
    signal,
  });
  return typeof program === 'string' ? program : { source: 'debian', ...program };
}

async function installed(options: RedisOptions): Promise<RedisProgram | string> {
  const failure = await installByApt('redis-server', options);
  if (failure) return failure;
  const program = onPath();
  return program ? { ...program, source: 'apt' } : 'apt-get installed no redis-server on PATH';
}

async function findDocker({ signal }: RedisOptions): Promise<RedisProgram | string> {
  const command = findOnPath('docker');
  if (!command) return 'no docker on PATH';
  const { code } = await runCommand(command, ['version', '--format', '{{.Server.Version}}'], {
    timeoutMs: 5_000,
    signal,
  });
  return code === 0 ? { source: 'docker', command } : 'no Docker engine answers';
}
