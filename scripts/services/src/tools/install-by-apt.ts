import { runCommand } from '../process/run-command';
import type { StartOptions } from '../types';
import { findOnPath } from './find-on-path';

/**
 * Installs a package of Debian or Ubuntu, which root alone may.
 *
 * @returns why it could not, in words
 */
export async function installByApt(
  name: string,
  { onProgress, signal }: Pick<StartOptions, 'onProgress' | 'signal'>,
): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'needs root';
  if (!findOnPath('apt-get')) return 'not a Debian or Ubuntu system';
  onProgress?.(`Installing ${name} by apt-get…`);
  const { code, output } = await runCommand('apt-get', ['install', '-y', '--no-install-recommends', name], {
    // In run level 1 the package does not start a server of its own on its usual port.
    env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    timeoutMs: 180_000,
    signal,
  });
  return code === 0 ? undefined : `apt-get install failed: ${output.trim().split('\n').at(-1)}`;
}
