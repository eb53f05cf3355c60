import { chownSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { ServicesError } from '../errors';
import { runCommand } from '../process/run-command';
import type { ServerIdentity } from '../process/server-identity';
import { makeDataDirectory, postgresEnv } from './create-database';
import { withClient } from './sql';

/** Options of `copyPrimary`. */
export interface BaseBackupOptions {
  /** A running primary. */
  readonly url: string;
  /** What to trust, where it speaks TLS. */
  readonly ca: string | undefined;
  readonly directory: string;
  /** Directories that do not exist yet. */
  readonly targets: readonly string[];
  readonly identity: ServerIdentity | undefined;
  /** Waits until the archive has the log that the copy needs. @default false */
  readonly waitsForArchive?: boolean | undefined;
}

/** Copies a running primary into new standbys. @throws as `copyPrimary` */
export async function baseBackup(options: BaseBackupOptions): Promise<void> {
  await copyPrimary(options);
  for (const target of options.targets) makeStandby(target, options.identity);
}

/**
 * Copies a running primary. `pg_basebackup` is not among the packaged programs, so this is its low-level form: the copy
 * may be torn, and `backup_label` makes the server that starts from it repair it by replay.
 *
 * @see https://www.postgresql.org/docs/18/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP
 * @throws ServicesError `POSTGRES_FAILED` when the primary uses tablespaces, which lie elsewhere
 */
export async function copyPrimary(options: BaseBackupOptions): Promise<void> {
  const { url, ca, directory, targets, identity, waitsForArchive = false } = options;
  const copyBetween = async (client: pg.Client) => {
    // Begin and end must be the same session.
    await client.query("SELECT pg_backup_start('unite', fast => true)");
    await Promise.all(targets.map((target) => copyCluster(directory, target, identity)));
    const { rows } = await client.query(
      'SELECT labelfile, spcmapfile FROM pg_backup_stop(wait_for_archive => $1)',
      [waitsForArchive],
    );
    return rows[0] as { labelfile: string; spcmapfile: string };
  };
  const label = await withClient(url, copyBetween, ca);
  if (label.spcmapfile)
    throw new ServicesError('POSTGRES_FAILED', 'cannot copy a primary that has tablespaces');
  for (const target of targets) writeOwned(join(target, 'backup_label'), label.labelfile, identity);
}

/** Makes the server of a copied directory follow the primary instead of being one. */
export function makeStandby(directory: string, identity: ServerIdentity | undefined): void {
  writeOwned(join(directory, 'standby.signal'), '', identity);
}

/** Makes the server of a copied directory replay the archive first. */
export function makeRestored(directory: string, identity: ServerIdentity | undefined): void {
  writeOwned(join(directory, 'recovery.signal'), '', identity);
}

/** The server renames or removes these files later, as their owner. */
function writeOwned(file: string, text: string, identity: ServerIdentity | undefined): void {
  writeFileSync(file, text, { mode: 0o600 });
  if (identity) chownSync(file, identity.uid, identity.gid);
}

/** Directories whose content belongs to the running server; the standby streams or makes its own. */
const emptied = [
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
];
const skipped = ['postmaster.pid', 'postmaster.opts', 'backup_label.old', ...emptied];

/** Copies by `cp` as the servers' user: the files get the right owner at once, in half of Node's time. */
async function copyCluster(from: string, to: string, identity: ServerIdentity | undefined): Promise<void> {
  makeDataDirectory(to, identity);
  for (const name of [...emptied, 'pg_wal/archive_status', 'pg_wal/summaries'])
    makeDataDirectory(join(to, name), identity);
  const entries = (await readdir(from))
    .filter((name) => !skipped.includes(name))
    .map((name) => join(from, name));
  await copy(['-RP', ...entries, to], identity);
  // Once more and last, as pg_basebackup does: it must not be older than the rest.
  await copy([join(from, 'global', 'pg_control'), join(to, 'global', 'pg_control')], identity);
}

async function copy(args: readonly string[], identity: ServerIdentity | undefined): Promise<void> {
  const { code, output } = await runCommand('cp', args, { identity, env: postgresEnv, timeoutMs: 600_000 });
  // A table dropped during the copy is missing; replay does not miss it.
  const failures = output.split('\n').filter((line) => line && !line.includes('No such file or directory'));
  if (code === -1 || failures.length > 0)
    throw new ServicesError('POSTGRES_FAILED', `cannot copy the primary:\n${output}`);
}
