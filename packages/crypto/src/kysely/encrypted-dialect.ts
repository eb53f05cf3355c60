import { describeValue } from '@unite/shared';
import type { CompiledQuery, DatabaseConnection, Dialect, QueryCompiler, QueryResult } from 'kysely';
import { spellingError } from '../pg/same-spelling';
import type { EncryptedTable } from '../types';
import { checkColumn } from './check-spelling';
import { Deferred } from './deferred';
import { QueryRewriter } from './query-rewriter';

/**
 * Encrypts and decrypts columns between Kysely and PostgreSQL, so that queries read as if nothing were encrypted:
 *
 * - `insertInto` and `updateTable().set` write ciphertexts, with their indexes. An UPDATE names its row by `=`, and
 *   changes it only where its key is spelled as the database spells it: UUIDs in lower case, `7` and not `07`. An INSERT
 *   with another spelling fails with `UNITE_CRYPTO_PLACE_INVALID`; for that it reads back the key, which takes the right
 *   to SELECT it.
 * - `where('email', '=', …)` and `in` search the blind index, under the primary and all previous keys. The tenant is
 *   that of `where('tenant_id', '=', …)`, else the context's.
 * - What the outermost query selects or returns is decrypted; it must select the row's id and tenant too.
 *
 * Whatever else names an encrypted column is refused with `UNITE_CRYPTO_QUERY_REFUSED` before anything is sent: LIKE,
 * ORDER BY, functions, subqueries that select it, SQL of one's own. Of that, whatever names a declared table must be a plain
 * SELECT; `select *` gives ciphertext. Kysely's `log` sees queries with their plaintext,
 * and so does `compile()`.
 *
 * It wraps any dialect for PostgreSQL: `clusterDialect` of `@unite/db-ha` also.
 *
 * @param tables what `vault.table` returned
 * @throws TypeError for what is no dialect or no table
 * @example
 * const contacts = vault.table('contacts', {
 *   rowId: 'id', tenantId: 'tenant_id', columns: { email: { index: 'email_index' } },
 * });
 * const db = new Kysely<Database>({ dialect: encryptedDialect(new PostgresDialect({ pool }), [contacts]) });
 * await db.insertInto('contacts').values({ id: 7, tenant_id: 'acme', email: 'ada@example.com' }).execute();
 */
export function encryptedDialect(dialect: Dialect, tables: readonly EncryptedTable[]): Dialect {
  if (typeof (dialect as Partial<Dialect> | null)?.createDriver !== 'function') {
    throw new TypeError(`encryptedDialect: the dialect must be one of Kysely, got ${describeValue(dialect)}`);
  }
  if (!Array.isArray(tables) || !tables.every((table) => typeof table?.decryptAll === 'function')) {
    throw new TypeError(
      `encryptedDialect: tables must be a list of what vault.table() returns, got ${describeValue(tables)}`,
    );
  }
  return {
    createDriver() {
      const driver = dialect.createDriver();
      const compiler = dialect.createQueryCompiler();
      const known = new WeakSet<DatabaseConnection>();
      const acquire = driver.acquireConnection.bind(driver);
      driver.acquireConnection = async () => {
        const connection = await acquire();
        // A pool lends the same one again.
        if (!known.has(connection)) encryptOn(connection, tables, compiler);
        known.add(connection);
        return connection;
      };
      return driver;
    },
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
  };
}

/** In place: drivers know their own connections, by what nobody else sees. */
function encryptOn(
  connection: DatabaseConnection,
  tables: readonly EncryptedTable[],
  compiler: QueryCompiler,
): void {
  const execute = connection.executeQuery.bind(connection);
  const stream = connection.streamQuery.bind(connection);
  connection.executeQuery = async <Row>(query: CompiledQuery) => {
    const { sealed, open } = await seal(query, tables, compiler);
    const result = await execute<Row>(sealed).catch((error: unknown) => {
      throw spellingError(error, tables);
    });
    return open(result);
  };
  connection.streamQuery = async function* <Row>(query: CompiledQuery, chunkSize?: number) {
    const { sealed, open } = await seal(query, tables, compiler);
    try {
      for await (const result of stream<Row>(sealed, chunkSize)) yield await open(result);
    } catch (error) {
      throw spellingError(error, tables);
    }
  };
}

interface SealedQuery {
  readonly sealed: CompiledQuery;
  open<Row>(result: QueryResult<Row>): Promise<QueryResult<Row>>;
}

async function seal(
  query: CompiledQuery,
  tables: readonly EncryptedTable[],
  compiler: QueryCompiler,
): Promise<SealedQuery> {
  const rewriter = new QueryRewriter(tables);
  const node = rewriter.transformNode(query.query, query.queryId);
  if (!rewriter.isConcerned) return { sealed: query, open: async (result) => result };
  const isExplained = 'explain' in node && node.explain !== undefined;
  const openRows = rewriter.selection.isEmpty || isExplained ? undefined : rewriter.selection.opener();
  const compiled = compiler.compileQuery(node, query.queryId);
  const parameters = await Promise.all(
    compiled.parameters.map((value) => (value instanceof Deferred ? value.value() : value)),
  );
  return {
    sealed: { ...compiled, parameters },
    open: async <Row>(result: QueryResult<Row>) => {
      const rows = rewriter.isChecked && !isExplained ? withoutCheck(query, result.rows) : result.rows;
      return { ...result, rows: (openRows ? await openRows(rows) : rows) as Row[] };
    },
  };
}

/** The rows that were asked for. */
function withoutCheck({ query }: CompiledQuery, rows: readonly unknown[]): unknown[] {
  if (query.kind === 'InsertQueryNode' && !query.returning) return [];
  return rows.map((row) => {
    const { [checkColumn]: _, ...asked } = row as Record<string, unknown>;
    return asked;
  });
}
