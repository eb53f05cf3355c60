import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ServicesError } from '../errors';
import { giveTo } from '../process/give-to';
import type { ServerIdentity } from '../process/server-identity';
import type { BaseBackup, ServerCertificates } from '../types';
import { copyPrimary } from './base-backup';
import type { LocalNode } from './local-node';
import { withClient } from './sql';

/** What a cluster knows about its backups. */
export interface BackupSettings {
  /** The cluster's. */
  readonly directory: string;
  readonly archive: string | undefined;
  readonly identity: ServerIdentity | undefined;
  readonly tls: ServerCertificates | undefined;
}

/** Copies the primary among the nodes. @throws ServicesError as `PostgresCluster.backup` */
export async function takeBackup(
  nodes: readonly LocalNode[],
  { directory, archive, identity, tls }: BackupSettings,
): Promise<BaseBackup> {
  if (archive === undefined) {
    throw new ServicesError('INVALID_OPTION', 'backup: the log is not kept; start with the option "archive"');
  }
  const primary = await primaryAmong(nodes, tls?.ca);
  const takenAtMs = Date.now();
  const place = mkdtempSync(join(directory, 'backup-'));
  giveTo(identity, place);
  const target = join(place, 'data');
  try {
    await copyPrimary({
      url: primary.url,
      ca: tls?.ca,
      directory: primary.directory,
      targets: [target],
      identity,
      waitsForArchive: true,
    });
  } catch (error) {
    rmSync(place, { recursive: true, force: true });
    throw error;
  }
  return {
    directory: target,
    archiveDirectory: archive,
    bytes: await bytesIn(target),
    takenAtMs,
    url: primary.url,
    tls,
    remove: () => rm(place, { recursive: true, force: true }),
  };
}

async function primaryAmong(nodes: readonly LocalNode[], ca: string | undefined): Promise<LocalNode> {
  for (const node of nodes.filter(({ pid }) => pid !== undefined)) {
    const isStandby = await withClient(
      node.url,
      async (client) => (await client.query('SELECT pg_is_in_recovery() AS standby')).rows[0]?.standby,
      ca,
    ).catch(() => true);
    if (!isStandby) return node;
  }
  throw new ServicesError('POSTGRES_FAILED', 'backup: none of the nodes is a primary that answers');
}

async function bytesIn(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
