import { restoreDrill } from '@unite/ops/drill';
import { startPostgres } from '@unite/services';
import pg from 'pg';
import { connect } from './connect.mjs';
import { connectToPrimary } from './current-primary.mjs';

/** @type {import('./index.mjs').RecoveryDrill} */
export const restoreDump = {
  name: 'restore-dump',
  about: 'A dump of the database is restored into a fresh server, and compared.',
  timeoutMs: 300_000,
  async run({ postgres }, run) {
    const { client, url } = await connectToPrimary(postgres, run);
    const fresh = await startPostgres({ replicas: 0, signal: run.signal });
    run.undo(() => fresh.close());
    await copyRoles(client, await connect(fresh.primaryUrl, undefined, run));
    await restoreDrill({ source: url, target: fresh.primaryUrl, Client: pg.Client }).run(run);
  },
};

/** Roles are of the server and in no dump; without them no right can be restored. */
async function copyRoles(/** @type {pg.Client} */ from, /** @type {pg.Client} */ to) {
  const { rows } = await from.query("SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_'");
  const { rows: known } = await to.query('SELECT rolname FROM pg_roles');
  const names = new Set(known.map(({ rolname }) => rolname));
  for (const { rolname } of rows) {
    if (!names.has(rolname)) await to.query(`CREATE ROLE ${to.escapeIdentifier(rolname)}`);
  }
}
