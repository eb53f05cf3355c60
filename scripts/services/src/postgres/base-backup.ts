import { writeFileSync } from 'node:fs';
import { chown, copyFile, mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ServicesError } from '../errors';
import type { ServerIdentity } from '../process/server-identity';
import { makeDataDirectory } from './create-database';
import { withClient } from './sql';

/** Options of `baseBackup`. */
export interface BaseBackupOptions {
  /** A running primary. */
  readonly url: string;
  readonly directory: string;
  /** Directories that do not exist yet; each becomes a standby's. */
  readonly targets: readonly string[];
  readonly identity: ServerIdentity | undefined;
}

/**
 * Copies a running primary into new standbys. `pg_basebackup` is not among the packaged programs, so this
 * is its low-level form: the copy may be torn, and `backup_label` makes the standby repair it by replay.
 *
 * @see https://www.postgresql.org/docs/18/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP
 * @throws ServicesError `POSTGRES_FAILED` when the primary uses tablespaces, which lie elsewhere
 */
export async function baseBackup({ url, directory, targets, identity }: BaseBackupOptions): Promise<void> {
  const label = await withClient(url, async (client) => {
    // Begin and end must be the same session.
    await client.query("SELECT pg_backup_start('unite', fast => true)");
    await Promise.all(targets.map((target) => copyCluster(directory, target, identity)));
    const { rows } = await client.query(
      'SELECT labelfile, spcmapfile FROM pg_backup_stop(wait_for_archive => false)',
    );
    return rows[0] as { labelfile: string; spcmapfile: string };
  });
  if (label.spcmapfile)
    throw new ServicesError('POSTGRES_FAILED', 'cannot copy a primary that has tablespaces');
  for (const target of targets) {
    writeFileSync(join(target, 'backup_label'), label.labelfile, { mode: 0o644 });
    writeFileSync(join(target, 'standby.signal'), '', { mode: 0o644 });
    if (identity) {
      // The server renames one and, when promoted, removes the other.
      await chown(join(target, 'backup_label'), identity.uid, identity.gid);
      await chown(join(target, 'standby.signal'), identity.uid, identity.gid);
    }
  }
}

/** Directories whose content belongs to the running server; the standby streams or makes its own. */
const emptied = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);
const skipped = new Set(['postmaster.pid', 'postmaster.opts', 'pg_control', 'backup_label.old']);

async function copyCluster(from: string, to: string, identity: ServerIdentity | undefined): Promise<void> {
  makeDataDirectory(to, identity);
  await copyEntries(from, to, identity);
  for (const name of ['archive_status', 'summaries']) await makeDirectory(join(to, 'pg_wal', name), identity);
  // Last, as pg_basebackup does: it must not be older than the rest.
  await copyOne(join(from, 'global', 'pg_control'), join(to, 'global', 'pg_control'), identity);
}

async function copyEntries(from: string, to: string, identity: ServerIdentity | undefined): Promise<void> {
  const entries = await readdir(from, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      const [source, target] = [join(from, entry.name), join(to, entry.name)];
      if (entry.isDirectory()) {
        await makeDirectory(target, identity);
        if (!emptied.has(entry.name)) await copyEntries(source, target, identity);
      } else if (entry.isSymbolicLink()) {
        await symlink(await readlink(source), target);
      } else if (!skipped.has(entry.name) && !entry.name.startsWith('pgsql_tmp')) {
        await copyOne(source, target, identity);
      }
    }),
  );
}

async function makeDirectory(path: string, identity: ServerIdentity | undefined): Promise<void> {
  await mkdir(path, { mode: 0o700 });
  if (identity) await chown(path, identity.uid, identity.gid);
}

async function copyOne(from: string, to: string, identity: ServerIdentity | undefined): Promise<void> {
  try {
    await copyFile(from, to);
    if (identity) await chown(to, identity.uid, identity.gid);
  } catch (error) {
    // A table dropped during the copy; replay does not miss it.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
