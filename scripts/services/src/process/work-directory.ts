import { createHash } from 'node:crypto';
import { accessSync, constants, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ServicesError } from '../errors';
import { canReach, type ServerIdentity } from './server-identity';

/**
 * The folder to work in: the wanted one, or, where this user cannot write it or the servers' user cannot
 * get to it (`/root` is closed to everyone else), one under the temporary folder that belongs to it alone.
 *
 * @throws ServicesError `DIRECTORY_UNUSABLE`
 */
export function workDirectory(wanted: string, identity: ServerIdentity | undefined): string {
  if (usable(wanted, identity, false)) return wanted;
  const name = `unite-${basename(wanted)}-${keyOf(wanted)}`;
  const found = temporaryRoots().find((root) => usable(join(root, name), identity, true));
  if (found) return join(found, name);
  throw new ServicesError(
    'DIRECTORY_UNUSABLE',
    `neither ${wanted} nor a folder under ${tmpdir()} can be used: it must be writable, belong to this user, and be open to the user that the servers run as`,
  );
}

/** A folder under which the servers' user can work. */
export function temporaryRoot(identity: ServerIdentity | undefined): string {
  return temporaryRoots().find((root) => canReach(identity, root)) ?? tmpdir();
}

function temporaryRoots(): string[] {
  return [tmpdir(), '/tmp', '/var/tmp'];
}

function usable(directory: string, identity: ServerIdentity | undefined, shared: boolean): boolean {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o755 });
    const found = lstatSync(directory);
    if (!found.isDirectory() || found.uid !== process.getuid?.()) return false;
    // In a shared temporary folder somebody else may have prepared this place.
    if (shared && (found.mode & 0o022) !== 0) return false;
    accessSync(directory, constants.W_OK | constants.X_OK);
    return canReach(identity, directory);
  } catch {
    return false;
  }
}

function keyOf(directory: string): string {
  return createHash('sha256').update(`${process.getuid?.()}:${directory}`).digest('hex').slice(0, 12);
}
