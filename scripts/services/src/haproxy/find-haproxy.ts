import { join } from 'node:path';
import { ServicesError } from '../errors';
import { findOnPath } from '../tools/find-on-path';
import { type Finder, firstFound } from '../tools/first-found';
import { installByApt } from '../tools/install-by-apt';
import type { Program } from '../tools/program';
import { unpackDebian } from '../tools/unpack-debian';
import type { HaproxyOptions, HaproxyService } from '../types';

/** An HAProxy that can be run. */
export interface HaproxyProgram extends Program {
  readonly source: HaproxyService['source'];
}

/**
 * Finds an HAProxy to run, or fetches one.
 *
 * @throws ServicesError `HAPROXY_UNAVAILABLE`, with what was tried and what to install
 */
export async function findHaproxy(
  toolsDirectory: string,
  options: Omit<HaproxyOptions, 'config'>,
): Promise<HaproxyProgram> {
  // In an order in which what costs and changes least comes first.
  const finders: Record<HaproxyService['source'], Finder<HaproxyProgram>> = {
    path: async () => onPath() ?? 'no haproxy on PATH',
    debian: () => unpacked(toolsDirectory, options),
    apt: () => installed(options),
  };
  const sources = options.sources ?? (Object.keys(finders) as HaproxyService['source'][]);
  const found = await firstFound(finders, sources);
  if (typeof found === 'object') return found;
  throw new ServicesError(
    'HAPROXY_UNAVAILABLE',
    `No HAProxy was found.\n${found}\nInstall one ("apt install haproxy", "brew install haproxy").`,
  );
}

function onPath(): HaproxyProgram | undefined {
  const command = findOnPath('haproxy');
  return command === undefined ? undefined : { source: 'path', command };
}

async function unpacked(
  toolsDirectory: string,
  { onProgress, signal }: Omit<HaproxyOptions, 'config'>,
): Promise<HaproxyProgram | string> {
  const program = await unpackDebian({
    title: 'HAProxy',
    packages: ['haproxy'],
    program: 'usr/sbin/haproxy',
    versionArguments: ['-v'],
    version: /^HAProxy version /,
    directory: join(toolsDirectory, 'haproxy'),
    onProgress,
    signal,
  });
  return typeof program === 'string' ? program : { source: 'debian', ...program };
}

async function installed(options: Omit<HaproxyOptions, 'config'>): Promise<HaproxyProgram | string> {
  const failure = await installByApt('haproxy', options);
  if (failure) return failure;
  const program = onPath();
  return program ? { ...program, source: 'apt' } : 'apt-get installed no haproxy on PATH';
}
