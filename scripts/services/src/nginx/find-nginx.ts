import { join } from 'node:path';
import { ServicesError } from '../errors';
import { findOnPath } from '../tools/find-on-path';
import { firstFound } from '../tools/first-found';
import type { Program } from '../tools/program';
import { toolsDirectory } from '../tools/tools-directory';
import { unpackDebian } from '../tools/unpack-debian';
import type { NginxOptions } from '../types';

/**
 * Finds nginx: on PATH, or unpacked from Debian's package without installing it. What is unpacked still looks for its
 * files where an installed one has them: give it a configuration that names all of them.
 *
 * @throws ServicesError `NGINX_UNAVAILABLE`, with what was tried and what to install
 */
export async function findNginx(options: NginxOptions = {}): Promise<Program> {
  const found = await firstFound(
    { path: async () => onPath() ?? 'no nginx on PATH', debian: () => unpacked(options) },
    ['path', 'debian'],
  );
  if (typeof found === 'object') return found;
  throw new ServicesError(
    'NGINX_UNAVAILABLE',
    `No nginx was found.\n${found}\nInstall it ("apt install nginx", "brew install nginx").`,
  );
}

function onPath(): Program | undefined {
  const command = findOnPath('nginx');
  return command === undefined ? undefined : { command };
}

function unpacked({ toolsDirectory: wanted, ...options }: NginxOptions): Promise<Program | string> {
  return unpackDebian({
    ...options,
    title: 'nginx',
    packages: ['nginx'],
    program: 'usr/sbin/nginx',
    versionArguments: ['-v'],
    version: /^nginx version: /,
    directory: join(toolsDirectory(wanted, undefined), 'nginx'),
  });
}
