import pg from 'pg';
import { databaseOptions } from './database-options.mjs';

/**
 * Runs `work` on one connection to the primary, as the owner that DATABASE_URL names.
 *
 * @template Result
 * @param {string} applicationName
 * @param {(client: pg.Client, databaseUrl: string) => Promise<Result>} work
 */
export async function withOwner(applicationName, work) {
  const databaseUrl = process.env.DATABASE_URL;
  if (!databaseUrl) {
    console.error(
      `${applicationName}: DATABASE_URL is not set. It names the PostgreSQL primary, as its owner.`,
    );
    process.exit(1);
  }
  const client = new pg.Client({
    ...databaseOptions(databaseUrl),
    application_name: applicationName,
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  try {
    return await work(client, databaseUrl);
  } finally {
    await client.end();
  }
}
