import type { PgQueryable } from '../pg/pg-types';
import { stateOf } from '../pg/with-client';

const setting = 'client_connection_check_interval';

/**
 * Works on a connection whose server looks once a second whether the client is still there. A server that is busy for a
 * process that was killed would hold its locks until the statement is done. Servers before 14, and those of some
 * systems, cannot look.
 *
 * @see https://www.postgresql.org/docs/18/runtime-config-connection.html#GUC-CLIENT-CONNECTION-CHECK-INTERVAL
 */
export async function watched<Result>(client: PgQueryable, work: () => Promise<Result>): Promise<Result> {
  const before = await set(client, '1s');
  try {
    return await work();
  } finally {
    // The connection is the pool's. Where this fails, it is closed.
    if (before !== undefined) await set(client, before).catch((): undefined => undefined);
  }
}

/** What it was; `undefined` where the server has no such setting. */
async function set(client: PgQueryable, value: string): Promise<string | undefined> {
  try {
    const { rows } = await client.query(
      `SELECT current_setting(name) AS before, set_config(name, $2, false) FROM pg_settings WHERE name = $1`,
      [setting, value],
    );
    return (rows as { before: string }[])[0]?.before;
  } catch (error) {
    if (stateOf(error) === undefined) throw error;
    return undefined;
  }
}
