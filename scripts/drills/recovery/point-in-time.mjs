import { restorePostgres } from '@unite/services';
import { connect } from './connect.mjs';
import { connectToPrimary } from './current-primary.mjs';
import { needsArchive } from './needs-archive.mjs';
import { waitForArchive } from './wait-for-archive.mjs';

const promise = 'a deleted row is back, as of just before';

/** @type {import('./index.mjs').RecoveryDrill} */
export const pointInTime = {
  name: 'restore-point-in-time',
  about: 'A row is deleted by mistake: a fresh server goes back to the moment before.',
  timeoutMs: 300_000,
  async run({ postgres }, run) {
    if (needsArchive(postgres, promise, run)) return;
    const { client } = await connectToPrimary(postgres, run);
    run.undo(() => client.query('DROP SCHEMA IF EXISTS unite_drill CASCADE'));
    await client.query('CREATE SCHEMA unite_drill; CREATE TABLE unite_drill.markers (name text)');
    run.note('taking a base backup');
    const backup = await postgres.backup();
    run.undo(() => backup.remove());

    run.note('deleting a row by mistake, and writing on');
    await client.query("INSERT INTO unite_drill.markers VALUES ('precious')");
    const { rows } = await client.query('SELECT clock_timestamp()::text AS now');
    await client.query("DELETE FROM unite_drill.markers WHERE name = 'precious'");
    await client.query("INSERT INTO unite_drill.markers VALUES ('later')");
    const archivedAfterMs = await waitForArchive(client, run.signal);

    run.note(`going back to ${rows[0].now}`);
    const beganMs = performance.now();
    const target = { time: rows[0].now };
    const restored = await restorePostgres({ backup, target, signal: run.signal });
    const restoreMs = Math.round(performance.now() - beganMs);
    run.undo(() => restored.close());
    const names = await markersOf(await connect(restored.url, restored.ca, run));
    run.score({
      promise,
      measured: `there is ${names.join(' and ') || 'nothing'}, ${(restoreMs / 1_000).toFixed(1)} s after the decision`,
      outcome: names.length === 1 && names[0] === 'precious' ? 'kept' : 'missed',
      figures: { restoreMs, archivedAfterMs, bytes: backup.bytes },
    });
  },
};

/** @param {import('pg').Client} client */
async function markersOf(client) {
  const { rows } = await client.query('SELECT name FROM unite_drill.markers ORDER BY name');
  return rows.map(({ name }) => name);
}
