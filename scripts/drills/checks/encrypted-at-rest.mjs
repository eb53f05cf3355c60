import { createClient } from 'redis';
import { verdict } from '../scene/verdict.mjs';

const workspaces = ['lantern', 'copperline', 'harbour', 'meridian'];

/** @type {import('../scene/start-scene.mjs').SceneDrill} */
export const encryptedAtRest = {
  name: 'encrypted-at-rest',
  about:
    'Everything in PostgreSQL, as its owner reads it, and in Redis is searched for known addresses and numbers.',
  async run({ stack, ask, onPrimary }, { note, score }) {
    /** @type {Set<string>} */
    const known = new Set();
    for (const workspace of workspaces) {
      const { contacts = [] } = (await ask('/api/contacts?pageSize=100', { workspace })).json;
      for (const { email, phone } of contacts)
        for (const value of [email, phone]) if (value) known.add(value);
    }
    if (known.size === 0) throw new Error('No contact has an address to look for');
    note(`looking for ${known.size} addresses and numbers`);
    const rows = await onPrimary(readAllRows);
    const values = await readAllOfRedis(stack.redis.url);
    const found = [...known].filter((value) => rows.text.includes(value) || values.text.includes(value));
    score(
      verdict(
        'sensitive fields are encrypted at rest',
        found.length === 0 && rows.count > 0 && values.count > 0,
        `${found.length} of ${known.size} found in ${rows.count} rows and ${values.count} keys of Redis`,
        { known: known.size, found: found.length, rows: rows.count, redisKeys: values.count },
      ),
    );
  },
};

/** @param {import('pg').Client} client */
async function readAllRows(client) {
  const { rows: tables } = await client.query(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const lines = [];
  for (const { name } of tables) {
    const { rows } = await client.query(`select each::text as line from ${name} each`);
    for (const { line } of rows) lines.push(line);
  }
  return { text: lines.join('\n'), count: lines.length };
}

/** @param {string} url */
async function readAllOfRedis(url) {
  const redis = createClient({ url });
  await redis.connect();
  // What is packed could not be searched.
  await redis.configSet('rdbcompression', 'no');
  const dumps = [];
  for await (const keys of redis.scanIterator({ COUNT: 1_000 })) {
    for (const key of keys) dumps.push(key, String(await redis.withTypeMapping({ 36: Buffer }).dump(key)));
  }
  await redis.configSet('rdbcompression', 'yes');
  await redis.close();
  return { text: dumps.join('\n'), count: dumps.length / 2 };
}
