import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { restorePostgres } from '../src/postgres/restore-postgres';
import { startPostgres } from '../src/postgres/start-postgres';
import type { BaseBackup, PostgresCluster } from '../src/types';
import { cleanUp, eventually, processesIn, query } from './support';

describe('restorePostgres', () => {
  let cluster: PostgresCluster;
  let backup: BaseBackup;
  let beforeDelete = '';

  beforeAll(async () => {
    cluster = await startPostgres({ replicas: 1, archive: true });
    const { primaryUrl: url } = cluster;
    await query(url, "CREATE TABLE things AS SELECT 'before the backup' AS what");
    backup = await cluster.backup();
    await query(url, "INSERT INTO things VALUES ('marker')");
    const [row] = await query<{ now: string }>(url, 'SELECT clock_timestamp()::text AS now');
    beforeDelete = row?.now ?? '';
    await query(url, "DELETE FROM things WHERE what = 'marker'");
    await query(url, "INSERT INTO things VALUES ('later')");
    await query(url, "SELECT pg_create_restore_point('noon')");
    await query(url, "INSERT INTO things VALUES ('after noon')");
    await archived(url);
  });

  afterAll(async () => {
    await cluster?.close();
    await cleanUp();
  });

  it('brings back what was deleted, as of just before, and nothing that came later', async () => {
    await using restored = await restorePostgres({ backup, target: { time: beforeDelete } });
    expect(await things(restored.url)).toEqual(['before the backup', 'marker']);
    await query(restored.url, "INSERT INTO things VALUES ('life goes on')");
  });

  it('ends at a named point, and at the end of the archive without one', async () => {
    await using named = await restorePostgres({ backup, target: { name: 'noon' } });
    expect(await things(named.url)).toEqual(['before the backup', 'later']);
    await using last = await restorePostgres({ backup });
    expect(await things(last.url)).toEqual(['after noon', 'before the backup', 'later']);
  });

  it('refuses a point that the archive does not reach, and leaves nothing behind', async () => {
    await expect(restorePostgres({ backup, target: { name: 'never' } })).rejects.toThrow(
      'recovery ended before configured recovery target was reached',
    );
    await expect(restorePostgres({ backup, target: { name: 'a', time: 'b' } })).rejects.toThrow('got both');
    expect(readdirSync(`${backup.directory}/..`)).toEqual(['data']);
    expect(processesIn('unite-restored-')).toEqual([]);
  });

  it('removes a copy when told to', async () => {
    const other = await cluster.backup();
    expect(other.bytes).toBeGreaterThan(1_000_000);
    await other.remove();
    expect(existsSync(other.directory)).toBe(false);
  });

  it('needs an archive, and a primary', async () => {
    await using plain = await startPostgres({ replicas: 0 });
    await expect(plain.backup()).rejects.toThrow('start with the option "archive"');
    await cluster.nodes[0].kill('SIGKILL');
    await expect(cluster.backup()).rejects.toThrow('none of the nodes is a primary');
    await query(cluster.replicaUrls[0] ?? '', 'SELECT pg_promote()');
    const promoted = await cluster.backup();
    expect(promoted.url).toBe(cluster.replicaUrls[0]);
  });
});

async function archived(url: string): Promise<void> {
  const [last] = await query<{ file: string }>(url, 'SELECT pg_walfile_name(pg_switch_wal()) AS file');
  await eventually(async () => {
    const [row] = await query<{ done: boolean }>(
      url,
      `SELECT last_archived_wal >= '${last?.file}' AS done FROM pg_stat_archiver`,
    );
    return row?.done;
  });
}

async function things(url: string): Promise<string[]> {
  return (await query<{ what: string }>(url, 'SELECT what FROM things ORDER BY what')).map(
    ({ what }) => what,
  );
}
