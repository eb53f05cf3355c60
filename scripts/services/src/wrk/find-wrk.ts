import { join } from 'node:path';
import { ServicesError } from '../errors';
import { findOnPath } from '../tools/find-on-path';
import { firstFound } from '../tools/first-found';
import { toolsDirectory } from '../tools/tools-directory';
import { unpackDebian } from '../tools/unpack-debian';
import type { WrkOptions, WrkProgram } from '../types';

/**
 * Finds the load generator `wrk`: on PATH, or unpacked from Debian's package without installing it.
 *
 * @throws ServicesError `WRK_UNAVAILABLE`, with what was tried and what to install
 * @example
 * const { command, libraries } = await findWrk();
 * spawn(command, ['-d', '10s', url], { env: { ...process.env, LD_LIBRARY_PATH: libraries } });
 */
export async function findWrk(options: WrkOptions = {}): Promise<WrkProgram> {
  const found = await firstFound(
    { path: async () => onPath() ?? 'no wrk on PATH', debian: () => unpacked(options) },
    ['path', 'debian'],
  );
  if (typeof found === 'object') return found;
  throw new ServicesError(
    'WRK_UNAVAILABLE',
    `No wrk was found.\n${found}\nInstall it ("apt install wrk", "brew install wrk").`,
  );
}

function onPath(): WrkProgram | undefined {
  const command = findOnPath('wrk');
  return command === undefined ? undefined : { command };
}

function unpacked({ toolsDirectory: wanted, ...options }: WrkOptions): Promise<WrkProgram | string> {
  return unpackDebian({
    ...options,
    title: 'wrk',
    packages: ['wrk'],
    program: 'usr/bin/wrk',
    versionArguments: ['--version'],
    version: /^wrk .*Copyright/,
    directory: join(toolsDirectory(wanted, undefined), 'wrk'),
  });
}
