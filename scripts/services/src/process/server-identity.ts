import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { ServicesError } from '../errors';

/** The user that servers run as. */
export interface ServerIdentity {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The user to run servers as: `undefined`, which is this process's own, unless that is root, which
 * PostgreSQL refuses; then an unprivileged account that every system has.
 *
 * @throws ServicesError `POSTGRES_UNAVAILABLE` when there is no such account
 */
export function serverIdentity(): ServerIdentity | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['nobody', 'postgres', 'daemon']) {
    const [, , uid, gid] = accounts.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    // macOS writes -2 for what the kernel calls 4294967294.
    if (uid && gid && Number(uid) !== 0) return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
  }
  throw new ServicesError(
    'POSTGRES_UNAVAILABLE',
    'PostgreSQL does not run as root, and this system has no account "nobody" to run it as; start as an ordinary user',
  );
}

/** Whether that user can really get at a path: asked of the kernel, as only it knows ACLs and mounts. */
export function canReach(identity: ServerIdentity | undefined, path: string): boolean {
  const { status } = spawnSync(
    '/bin/sh',
    ['-c', 'test -r "$1" && { test ! -d "$1" || test -x "$1"; }', 'sh', path],
    {
      cwd: '/',
      ...identity,
    },
  );
  return status === 0;
}
