import type { PgClientLike } from '../../verify/database/database-types';
import { definitionsQuery } from './definitions-query';
import type { DatabaseFingerprint, FingerprintOptions } from './restore-types';

/** What decides how a value is written as text. Row-level security, rather than hide rows, makes the reading fail. */
const settings = `
SET LOCAL search_path = pg_catalog; SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'iso_8601';
SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex';
SET LOCAL row_security = off; SET LOCAL statement_timeout = 0`;

const tablesQuery = `
SELECT format('%I.%I', nspname, relname) AS name
FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
WHERE relkind IN ('r', 'm') AND relpersistence <> 't' AND nspname !~ '^pg_' AND nspname <> 'information_schema'
ORDER BY 1`;

const sequencesQuery = `
SELECT format('%I.%I', schemaname, sequencename) AS name, last_value::text AS "lastValue" FROM pg_sequences`;

/**
 * What a database holds, read in one snapshot: rows and checksums of its tables, definitions, sequences. It reads every
 * row, so it takes as long as a dump.
 *
 * @param client connected, with a role that may read all, and in no transaction
 * @throws what the driver throws; Row-level security that would hide rows, too
 */
export async function fingerprintDatabase(
  client: Pick<PgClientLike, 'query'>,
  { onSnapshot }: FingerprintOptions = {},
): Promise<DatabaseFingerprint> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  try {
    const snapshot = await rowsOf<{ name: string }>(client, 'SELECT pg_export_snapshot() AS name');
    await client.query(settings);
    // Before anything is backed up: sequences are of no snapshot, and a backup's must not be behind.
    const sequences = await rowsOf<{ name: string; lastValue: string | null }>(client, sequencesQuery);
    await onSnapshot?.(snapshot[0]?.name ?? '');
    const definitions = await rowsOf<{ kind: string; name: string; definition: string }>(
      client,
      definitionsQuery,
    );
    const tables: [string, { rows: number; checksum: string }][] = [];
    for (const { name } of await rowsOf<{ name: string }>(client, tablesQuery)) {
      tables.push([name, await checksumOf(client, name)]);
    }
    return {
      tables: Object.fromEntries(tables),
      definitions: Object.fromEntries(
        definitions.map(({ kind, name, definition }) => [`${kind} ${name}`, definition]),
      ),
      sequences: Object.fromEntries(sequences.map(({ name, lastValue }) => [name, lastValue])),
    };
  } finally {
    // It has changed nothing; and a connection that broke has no transaction to end.
    await client.query('ROLLBACK').catch(() => undefined);
  }
}

/** A sum, so that the order does not matter; unlike an exclusive or it tells two equal rows from none. */
async function checksumOf(
  client: Pick<PgClientLike, 'query'>,
  table: string,
): Promise<{ rows: number; checksum: string }> {
  const [row] = await rowsOf<{ rows: string; checksum: string }>(
    client,
    `SELECT count(*) AS rows, coalesce(sum(('x' || substr(md5(one_row::text), 1, 16))::bit(64)::bigint), 0)::text AS checksum
     FROM ONLY ${table} AS one_row`,
  );
  return { rows: Number(row?.rows), checksum: String(row?.checksum) };
}

async function rowsOf<Row>(client: Pick<PgClientLike, 'query'>, text: string): Promise<readonly Row[]> {
  return (await client.query(text)).rows as readonly Row[];
}
