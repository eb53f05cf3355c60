import { createHash, randomUUID } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { OpsError } from '../errors';
import type { HaproxyAddress } from './haproxy/haproxy-control';
import { identify, isRunning, type ProcessId } from './process-id';

/**
 * Nobody else on this machine deploys to this backend until it is released.
 *
 * @returns what releases it
 * @throws OpsError `UNITE_OPS_DEPLOY_REFUSED` that names who has it
 */
export function lockDeploy({ socket, backend }: HaproxyAddress, directory = tmpdir()): () => void {
  const place = createHash('sha256')
    .update(`${placeOf(socket)} ${backend}`)
    .digest('hex')
    .slice(0, 16);
  const file = join(directory, `unite-deploy-${place}.lock`);
  if (!create(file)) {
    const holder = readHolder(file);
    // Of one that was killed.
    if (!holder || !isRunning(holder)) rmSync(file, { force: true });
    if (!create(file)) {
      throw new OpsError(
        'UNITE_OPS_DEPLOY_REFUSED',
        `another deployment to "${backend}" is under way: process ${holder?.pid} (${file})`,
      );
    }
  }
  return () => rmSync(file, { force: true });
}

/** A path is the same from any folder; `host:port` is no path. */
function placeOf(socket: string): string {
  return socket.includes('/') ? resolve(socket) : socket;
}

/** By a link, so that nobody reads it before it is written. */
function create(file: string): boolean {
  const written = `${file}.${randomUUID()}`;
  writeFileSync(written, JSON.stringify(identify(process.pid)));
  try {
    linkSync(written, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(written);
  }
}

function readHolder(file: string): ProcessId | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
