import pg from 'pg';
import type { PatroniMember } from './patroni-member';

/** Asks one member as the superuser, on a connection of its own. */
export async function superuserQuery<Row extends object = Record<string, unknown>>(
  member: PatroniMember,
  text: string,
  database = 'postgres',
): Promise<Row[]> {
  const url = new URL(member.superuserUrl);
  url.pathname = database;
  const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}
