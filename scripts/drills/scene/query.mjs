import pg from 'pg';

/**
 * The rows of one statement, on a connection of its own.
 *
 * @param {string} connectionString
 * @param {string} text
 * @param {unknown[]} [values]
 */
export async function query(connectionString, text, values = []) {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}
