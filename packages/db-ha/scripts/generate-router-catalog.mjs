/**
 * Writes what the router knows of PostgreSQL's own functions, operators and catalogs, from a real server:
 * node scripts/generate-router-catalog.mjs [--check] [postgres://…]
 *
 * Without a URL it starts a server of its own (build `@unite/services` first). `--check` writes nothing and
 * fails when a file differs.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

/** Volatile, but neither writing nor telling one server from another. */
const harmlessVolatile = new Set([
  ...['clock_timestamp', 'timeofday'],
  ...['gen_random_uuid', 'uuidv4', 'uuidv7'],
  ...['random', 'random_normal', 'array_sample', 'array_shuffle'],
]);

/** Neither volatile nor named pg_…, and yet not for a replica. */
const exclusions = [
  // Run SQL that they are given as text, or read whatever table they are given by name.
  /^(cursor|database|query|schema|table)_to_xml/,
  /^ts_(stat|rewrite)$/,
  // Run the function's own checks.
  /_validator$/,
  // Speak of the session: its settings, its temporary schema, its connection.
  /^(current_setting|current_schemas|row_security_active)$/,
  /^inet_(client|server)_(addr|port)$/,
  // Speak of the server's software, which a rolling upgrade makes differ.
  /^(icu_unicode_version|unicode_version|version)$/,
  // Take a transaction id, or compare with ids that a replica does not give out.
  /^(txid_|mxid_age$)/,
];

/**
 * Most of pg_… speaks of the server or acts on it, and every version adds more. These read the catalogs,
 * which are replicated, or only compute.
 */
const harmlessPg = [
  /^pg_get_(acl|constraintdef|expr|indexdef|keywords|partkeydef|ruledef|serial_sequence|triggerdef|viewdef)$/,
  /^pg_get_(partition_constraintdef|replica_identity_index|userbyid)$/,
  /^pg_get_function(def|_arguments|_arg_default|_identity_arguments|_result|_sqlbody)$/,
  /^pg_get_statisticsobjdef(_columns|_expressions)?$/,
  /^pg_(collation|conversion|function|opclass|operator|opfamily|statistics_obj|table|type)_is_visible$/,
  /^pg_ts_(config|dict|parser|template)_is_visible$/,
  /^pg_(index|index_column|indexam)_has_property$/,
  /^pg_(basetype|collation_for|column_compression|column_size|has_role|typeof)$/,
  /^pg_(describe_object|identify_object|identify_object_as_address)$/,
  /^pg_(char_to_encoding|encoding_max_length|encoding_to_char)$/,
  /^pg_(input_error_info|input_is_valid|options_to_table|sequence_parameters)$/,
  /^pg_(column_is_updatable|relation_is_updatable|size_bytes|size_pretty)$/,
];

/**
 * Views that read nothing but catalogs; a test looks at their definitions. What is not here speaks of the
 * server (pg_stat_activity, pg_locks, pg_settings) or of the session (pg_cursors).
 */
const catalogViews = [
  ...['pg_group', 'pg_roles', 'pg_shadow', 'pg_user'],
  ...['pg_indexes', 'pg_matviews', 'pg_policies', 'pg_rules', 'pg_tables', 'pg_views'],
];

/** Functions that SQL can call; what takes or gives an internal type cannot be called, or is not meant to be. */
const functionsSql = `
  SELECT p.proname AS name,
    bool_or(p.provolatile = 'v') AS volatile,
    bool_or(p.pronargs - p.pronargdefaults <= 1 AND p.pronargs >= 1) AS takes_one,
    bool_and(p.provolatile = 'i' AND (
      p.oid IN (SELECT amproc FROM pg_amproc)
      OR p.oid IN (SELECT unnest(ARRAY[aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn,
          aggmtransfn, aggminvtransfn, aggmfinalfn]::oid[]) FROM pg_aggregate)
      OR obj_description(p.oid, 'pg_proc') ~ '^(I/O|hash|implementation of |less-equal-greater)'
    )) AS internal
  FROM pg_proc p
  WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind <> 'p'
    AND NOT EXISTS (
      SELECT FROM unnest(p.proargtypes::oid[] || p.prorettype) AS type(id)
      WHERE type.id IN ('internal'::regtype, 'cstring'::regtype, 'trigger'::regtype, 'event_trigger'::regtype)
        OR format_type(type.id, NULL) LIKE '%\\_handler')
  GROUP BY p.proname`;

const operatorsSql = `
  SELECT o.oprname AS name, bool_or(p.provolatile = 'v') AS volatile
  FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode
  WHERE o.oprnamespace = 'pg_catalog'::regnamespace
  GROUP BY o.oprname`;

const tablesSql = `
  SELECT relname AS name FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r'`;

const args = process.argv.slice(2);
const check = args.includes('--check');
const url = args.find((arg) => arg !== '--check');

const files = url ? await readCatalog(url) : await withOwnServer(readCatalog);
const stale = Object.entries(files).filter(([file, content]) => read(file) !== content);
if (!check) {
  for (const [file, content] of stale) writeFileSync(pathOf(file), content);
} else if (stale.length > 0) {
  process.stderr.write(`Out of date: ${stale.map(([file]) => file).join(', ')}\n`);
  process.exitCode = 1;
}

async function readCatalog(connectionString) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const functions = (await client.query(functionsSql)).rows;
    const operators = (await client.query(operatorsSql)).rows;
    const tables = (await client.query(tablesSql)).rows;
    const safe = functions.filter(isSafe);
    return {
      'safe-functions.ts': source(
        'safeFunctions',
        [
          'Functions of `pg_catalog` that read the same on every node: every overload of the name immutable or',
          'stable, or known to be harmless, and none about the server or the session. What operators and',
          'aggregates are made of is left out.',
        ],
        safe.filter((row) => !row.internal),
      ),
      'attribute-functions.ts': source(
        'attributeFunctions',
        [
          'Functions of `pg_catalog` that are not safe and take one argument, so that `value.name` calls them.',
        ],
        functions.filter((row) => row.takes_one && !row.internal && !isSafe(row)),
      ),
      'safe-operators.ts': source(
        'safeOperators',
        ['Operators of `pg_catalog`. None of them is volatile.'],
        operators.filter((row) => !row.volatile),
      ),
      'safe-relations.ts': source(
        'safeRelations',
        ['Tables of `pg_catalog`, which are replicated, and its views that read nothing else.'],
        [...tables, ...catalogViews.map((name) => ({ name }))],
      ),
    };
  } finally {
    await client.end();
  }
}

function isSafe({ name, volatile }) {
  if (volatile) return harmlessVolatile.has(name);
  if (name.startsWith('pg_')) return harmlessPg.some((pattern) => pattern.test(name));
  return !exclusions.some((pattern) => pattern.test(name));
}

function source(name, description, rows) {
  const comment =
    description.length > 1 ? `/**\n * ${description.join('\n * ')}\n */` : `/** ${description[0]} */`;
  const names = [...new Set(rows.map((row) => row.name))].sort();
  return `// Written by scripts/generate-router-catalog.mjs from PostgreSQL 18. Change that, not this.

${comment}
export const ${name}: ReadonlySet<string> = new Set(
  \`
${wrap(names)}
\`
    .trim()
    .split(/\\s+/),
);
`;
}

function wrap(names) {
  const lines = [''];
  for (const name of names.map((item) => item.replaceAll('\\', '\\\\').replaceAll('`', '\\`'))) {
    const line = lines[lines.length - 1];
    if (line.length + name.length < 108) lines[lines.length - 1] = line ? `${line} ${name}` : name;
    else lines.push(name);
  }
  return lines.join('\n');
}

async function withOwnServer(work) {
  const { startPostgres } = await import('@unite/services');
  const cluster = await startPostgres({ replicas: 0 });
  try {
    return await work(cluster.primaryUrl);
  } finally {
    await cluster.close();
  }
}

function read(file) {
  try {
    return readFileSync(pathOf(file), 'utf8');
  } catch {
    return undefined;
  }
}

function pathOf(file) {
  return fileURLToPath(new URL(`../src/router/${file}`, import.meta.url));
}
