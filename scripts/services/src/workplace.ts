import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ServicesError } from './errors';
import { createGuard, type Guard } from './plain/guard.mjs';
import { LockHeldError, takeLock } from './plain/lock.mjs';
import type { ServerIdentity } from './process/server-identity';
import { temporaryRoot, workDirectory } from './process/work-directory';

/** A directory that is this process's alone for the time being, and a guard over what runs in it. */
export interface Workplace {
  readonly directory: string;
  /** Removed at the end. */
  readonly ephemeral: boolean;
  readonly guard: Guard;
  /** Gives the directory back. */
  leave(): void;
}

/**
 * Opens the directory of a service: the given one, locked, or a new one that is removed at the end.
 *
 * @throws ServicesError `DIRECTORY_IN_USE`, `DIRECTORY_UNUSABLE`
 */
export function openWorkplace(
  name: string,
  wanted: string | undefined,
  identity: ServerIdentity | undefined,
): Workplace {
  if (wanted === undefined) return temporaryWorkplace(name, identity);
  // The real path, because the directory is looked for in command lines.
  const directory = realpathSync(workDirectory(wanted, identity));
  const lock = lockDirectory(directory);
  const guard = createGuard();
  return {
    directory,
    ephemeral: false,
    guard,
    leave: () => {
      guard.dismiss();
      lock.release();
    },
  };
}

function temporaryWorkplace(name: string, identity: ServerIdentity | undefined): Workplace {
  const directory = realpathSync(mkdtempSync(join(temporaryRoot(identity), `unite-${name}-`)));
  // Closed to others by default; the servers' user has to pass through to its own, closed directories.
  chmodSync(directory, 0o711);
  const guard = createGuard({ removeDirectory: directory });
  return {
    directory,
    ephemeral: true,
    guard,
    leave: () => {
      guard.dismiss();
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function lockDirectory(directory: string): ReturnType<typeof takeLock> {
  try {
    return takeLock(join(directory, 'lock'));
  } catch (cause) {
    if (!(cause instanceof LockHeldError)) throw cause;
    const message = `process ${cause.pid} already uses ${directory}; stop it first, or give another directory`;
    throw new ServicesError('DIRECTORY_IN_USE', message, { cause });
  }
}
