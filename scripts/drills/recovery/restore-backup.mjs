import { compareDatabases, fingerprintDatabase } from '@unite/ops/drill';
import { restorePostgres } from '@unite/services';
import { connect } from './connect.mjs';
import { connectToPrimary } from './current-primary.mjs';
import { lockOutWriters } from './lock-out-writers.mjs';
import { needsArchive } from './needs-archive.mjs';
import { waitForArchive } from './wait-for-archive.mjs';

const promise = 'backup restored and equal';
const point = 'unite_drill_restore';
const mostDifferences = 5;

/** @type {import('./index.mjs').RecoveryDrill} */
export const restoreBackup = {
  name: 'restore',
  about: 'The primary is lost on paper: a base backup and the archive become a fresh server with every row.',
  timeoutMs: 300_000,
  async run({ postgres }, run) {
    if (needsArchive(postgres, promise, run)) return;
    run.note('taking a base backup while others write');
    const backupBeganMs = performance.now();
    const backup = await postgres.backup();
    const backupMs = Math.round(performance.now() - backupBeganMs);
    run.undo(() => backup.remove());

    run.note('reading what the primary holds');
    const { client: writer } = await connectToPrimary(postgres, run);
    const { client: reader } = await connectToPrimary(postgres, run);
    await lockOutWriters(writer, run.signal);
    const before = await fingerprintDatabase(reader, {
      async onSnapshot() {
        await writer.query('SELECT pg_create_restore_point($1)', [point]);
        await writer.query('COMMIT');
      },
    });
    const archivedAfterMs = await waitForArchive(writer, run.signal);

    run.note('restoring into a fresh server');
    const restoreBeganMs = performance.now();
    const restored = await restorePostgres({ backup, target: { name: point }, signal: run.signal });
    const restoreMs = Math.round(performance.now() - restoreBeganMs);
    run.undo(() => restored.close());

    run.note('comparing');
    const after = await fingerprintDatabase(await connect(restored.url, restored.ca, run));
    const differences = compareDatabases(before, after);
    const tables = Object.values(before.tables);
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    run.score({
      promise,
      measured:
        differences.slice(0, mostDifferences).join('; ') || summary(tables.length, rows, backup, restoreMs),
      outcome: differences.length === 0 && rows > 0 ? 'kept' : 'missed',
      figures: {
        tables: tables.length,
        rows,
        differences: differences.length,
        bytes: backup.bytes,
        backupMs,
        restoreMs,
        archivedAfterMs,
      },
    });
  },
};

/** @param {number} tables @param {number} rows @param {{ bytes: number }} backup @param {number} restoreMs */
function summary(tables, rows, { bytes }, restoreMs) {
  const megabytes = (bytes / 1e6).toFixed(0);
  return `${tables} tables, ${rows.toLocaleString('en')} rows, ${megabytes} MB, up in ${(restoreMs / 1_000).toFixed(1)} s`;
}
