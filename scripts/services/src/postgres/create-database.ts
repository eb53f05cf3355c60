import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServicesError } from '../errors';
import { giveTo } from '../process/give-to';
import { runCommand } from '../process/run-command';
import type { ServerIdentity } from '../process/server-identity';
import type { PostgresBinaries } from './binaries';
import { owner } from './server-config';

/** Options of `createDatabase`. */
export interface CreateDatabaseOptions {
  readonly directory: string;
  readonly password: string;
  readonly binaries: PostgresBinaries;
  readonly identity: ServerIdentity | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** The environment of PostgreSQL's programs: nothing of the caller's, whose PGPORT or PGDATA would change them. */
export const postgresEnv: NodeJS.ProcessEnv = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };

/**
 * Creates the data directory of a primary: passwords on every connection, UTF-8, the `C.UTF-8` order that
 * is the same on every system.
 *
 * @throws ServicesError `POSTGRES_FAILED`
 */
export async function createDatabase(options: CreateDatabaseOptions): Promise<void> {
  const { directory, password, binaries, identity, timeoutMs, signal } = options;
  const passwordFile = `${directory}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  giveTo(identity, passwordFile);
  makeDataDirectory(directory, identity);
  try {
    const { code, output } = await runCommand(
      binaries.initdb,
      [
        `--pgdata=${directory}`,
        `--username=${owner}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-sync',
        '--set=wal_init_zero=off',
        '--no-instructions',
      ],
      { cwd: directory, env: postgresEnv, identity, timeoutMs, signal },
    );
    if (code !== 0)
      throw new ServicesError('POSTGRES_FAILED', `initdb failed in ${directory}:\n${output.trim()}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  appendFileSync(join(directory, 'postgresql.conf'), "\ninclude_if_exists = 'unite.conf'\n");
}

/** An empty directory as PostgreSQL demands it: closed, and owned by the servers' user. */
export function makeDataDirectory(directory: string, identity: ServerIdentity | undefined): void {
  mkdirSync(directory, { mode: 0o700 });
  giveTo(identity, directory);
}
