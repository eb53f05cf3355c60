import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A file of whom Node.js is to trust besides: the authority, and whoever it was told before.
 *
 * @param {{ directory: string, ca: string, caPath: string }} certificates
 * @param {NodeJS.ProcessEnv} env
 */
export function trustToo({ directory, ca, caPath }, { NODE_EXTRA_CA_CERTS: before }) {
  if (!before || !existsSync(before)) return caPath;
  const file = join(directory, 'trusted.crt');
  writeFileSync(file, `${readFileSync(before, 'utf8').trimEnd()}\n${ca}\n`);
  return file;
}
