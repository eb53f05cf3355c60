import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type PostgresCluster, startPostgres } from '@unite/services';
import { Client } from 'pg';
import { compareDatabases, type DatabaseFingerprint, fingerprintDatabase } from '../../../src/drill';
import { breakages, example } from './support/example';

let servers: PostgresCluster;
let before: DatabaseFingerprint;

beforeAll(async () => {
  servers = await startPostgres({ replicas: 0 });
  await ask('unite', 'CREATE ROLE unite_reader');
  await ask('unite', 'CREATE DATABASE source');
  await ask('source', example);
  before = await fingerprintOf('source');
});
afterAll(() => servers?.close());

test('a copy is equal, in whatever order its rows lie, and with sequences that are ahead', async () => {
  await withCopy(async (copy) => {
    await ask(copy, 'CREATE TABLE shuffled AS SELECT * FROM "Odd "" name" ORDER BY one_row DESC');
    await ask(
      copy,
      'DELETE FROM "Odd "" name"; INSERT INTO "Odd "" name" SELECT * FROM shuffled; DROP TABLE shuffled',
    );
    await ask(copy, "SELECT nextval('sales.deals_id_seq')");
    expect(compareDatabases(before, await fingerprintOf(copy))).toEqual([]);
  });
  expect(before.tables['sales.deals']?.rows).toBe(500);
});

test.each(breakages)('%s: %s, and nothing else', async (statement, difference) => {
  const differences = compareDatabases(before, await fingerprintAfter(statement));
  expect(differences).toContain(difference);
  // With a table everything comes and goes that belongs to it.
  if (!/^(CREATE|DROP) TABLE/.test(statement)) expect(differences).toEqual([difference]);
});

test('a sequence that has given out nothing is behind one that has', () => {
  const sequences = (lastValue: string | null) => ({ ...before, sequences: { 'public.ids': lastValue } });
  expect(compareDatabases(sequences('9'), sequences(null))).toEqual([
    'sequence public.ids is behind: null after 9',
  ]);
  expect(compareDatabases(sequences(null), sequences('9'))).toEqual([]);
});

test('what is written while it is read belongs to no snapshot', async () => {
  const client = new Client({ connectionString: urlOf('source') });
  await client.connect();
  try {
    const during = await fingerprintDatabase(client, {
      onSnapshot: () => ask('source', "INSERT INTO parted VALUES (1, 'later')"),
    });
    expect(during.tables['public.parted_1']).toEqual(before.tables['public.parted_1']);
    expect((await client.query('SELECT count(*)::int FROM parted')).rows).toEqual([{ count: 2 }]);
  } finally {
    await client.end();
    await ask('source', "DELETE FROM parted WHERE note = 'later'");
  }
});

test('rows that a policy would hide are an error, and no smaller database', async () => {
  await ask(
    'source',
    "ALTER ROLE unite_reader LOGIN PASSWORD 'reader'; GRANT USAGE ON SCHEMA sales TO unite_reader",
  );
  await ask('source', 'GRANT SELECT ON ALL TABLES IN SCHEMA public, sales TO unite_reader');
  const url = new URL(urlOf('source'));
  url.username = 'unite_reader';
  url.password = 'reader';
  const client = new Client({ connectionString: url.href });
  await client.connect();
  await expect(fingerprintDatabase(client)).rejects.toThrow('row-level security');
  await client.end();
});

/** As the database would be after a statement, which is taken back. */
function fingerprintAfter(statement: string): Promise<DatabaseFingerprint> {
  return withClient('source', async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await client.query(statement);
    const inside = {
      query: async (text: string) => (/^(BEGIN|ROLLBACK)/.test(text) ? { rows: [] } : client.query(text)),
    };
    const after = await fingerprintDatabase(inside);
    await client.query('ROLLBACK');
    return after;
  });
}

async function withCopy(work: (name: string) => Promise<void>): Promise<void> {
  await ask('unite', 'CREATE DATABASE copy TEMPLATE source');
  try {
    await work('copy');
  } finally {
    await ask('unite', 'DROP DATABASE copy WITH (FORCE)');
  }
}

async function fingerprintOf(database: string): Promise<DatabaseFingerprint> {
  return withClient(database, (client) => fingerprintDatabase(client));
}

function ask(database: string, text: string): Promise<unknown> {
  return withClient(database, (client) => client.query(text));
}

async function withClient<Answer>(
  database: string,
  work: (client: Client) => Promise<Answer>,
): Promise<Answer> {
  const client = new Client({ connectionString: urlOf(database) });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(database: string): string {
  const url = new URL(servers.primaryUrl);
  url.pathname = `/${database}`;
  return url.href;
}
