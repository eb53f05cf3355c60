import { setTimeout as sleep } from 'node:timers/promises';

const attempts = 100;

const tablesQuery = `
SELECT format('%I.%I', nspname, relname) AS name
FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
WHERE relkind IN ('r', 'p') AND relpersistence <> 't' AND nspname !~ '^pg_' AND nspname <> 'information_schema'
ORDER BY 1`;

/**
 * Begins a transaction in which nobody else writes, for the few milliseconds until it is ended: without such a moment no
 * point in the log could be compared with a snapshot. It gives up and tries again long before a deadlock would be looked
 * for, which could end the transaction of a user.
 *
 * @param {import('pg').Client} client
 * @param {AbortSignal} signal
 */
export async function lockOutWriters(client, signal) {
  const { rows } = await client.query(tablesQuery);
  const names = rows.map(({ name }) => name).join(', ');
  for (let attempt = 1; ; attempt += 1) {
    await client.query("BEGIN; SET LOCAL lock_timeout = '100ms'");
    try {
      await client.query(`LOCK TABLE ${names} IN SHARE MODE`);
      return;
    } catch (error) {
      await client.query('ROLLBACK');
      // Of lock_not_available: they are busy, or one of the tables was dropped meanwhile.
      if (attempt === attempts || /** @type {any} */ (error).code !== '55P03') throw error;
    }
    await sleep(50, undefined, { signal });
  }
}
