// Applies migrations/*.sql in order, each once and in a transaction of its own. Safe to run from several
// processes at a time: the others wait on an advisory lock and then find nothing left to do.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { appPassword, appRole } from './app-role.mjs';
import { withOwner } from './owner-client.mjs';

const directory = new URL('../migrations/', import.meta.url);
const lockKey = 7_206_116; // any number that no other program locks in this database

await withOwner('crm-migrate', async (client, databaseUrl) => {
  const startedAtMs = performance.now();
  await client.query('select pg_advisory_lock($1)', [lockKey]);
  await client.query(
    `create table if not exists migrations
       (name text primary key, sha256 text not null, applied_at timestamptz not null default now())`,
  );
  const { rows } = await client.query('select name, sha256 from migrations');
  const applied = new Map(rows.map(({ name, sha256 }) => [name, sha256]));
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();

  let count = 0;
  for (const name of names) {
    const text = await readFile(new URL(name, directory), 'utf8');
    const sha256 = createHash('sha256').update(text).digest('hex');
    if (applied.get(name) === sha256) continue;
    if (applied.has(name))
      throw new Error(`${name} was changed after it had been applied; add a new migration instead`);
    await apply(client, name, text, sha256);
    count += 1;
    console.log(`migrate: ${name}`);
  }
  await client.query(
    `alter role ${appRole} login password ${client.escapeLiteral(appPassword(databaseUrl))}`,
  );
  // What was there before it was encrypted.
  const { rows: plain } = await client.query('select from contacts where email_index is null limit 1');
  if (plain.length > 0) await import('./encrypt-contacts.mjs');
  console.log(
    `migrate: ${count} of ${names.length} applied, ${Math.round(performance.now() - startedAtMs)} ms`,
  );
});

async function apply(client, name, text, sha256) {
  await client.query('begin');
  try {
    await client.query(text);
    await client.query('insert into migrations (name, sha256) values ($1, $2)', [name, sha256]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`${name} failed: ${error.message}`, { cause: error });
  }
}
