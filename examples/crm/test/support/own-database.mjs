import pg from 'pg';
import { runScript } from './run-app.mjs';

/** Makes a database of its own on the same servers, migrated and seeded, and gives the variables that name it. */
export async function createDatabase({ databaseUrl, replicaUrls }, name) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`create database ${client.escapeIdentifier(name)}`);
  await client.end();
  const named = (url) => {
    const other = new URL(url);
    other.pathname = `/${name}`;
    return other.href;
  };
  const env = { DATABASE_URL: named(databaseUrl), REPLICA_URLS: replicaUrls.map(named).join(',') };
  await runScript('migrate', env);
  await runScript('seed', env);
  return env;
}
