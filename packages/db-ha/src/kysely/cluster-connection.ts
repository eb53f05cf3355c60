import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import type { ReadOptions } from '../types';
import { readMarks } from './read-marks';
import type { DialectReader } from './types';

/** Where the queries go that may be read from a replica. */
export interface Readers {
  /** For a query by itself. The pool can try it again on another node, which a connection cannot. */
  pool(options: ReadOptions): DialectReader;
  /** For a stream, which needs a connection for as long as it runs. */
  driver(options: ReadOptions): Driver;
}

/**
 * A connection that is none until a statement needs one. Marked queries go to the readers; the first other
 * statement takes a connection of the primary, and everything after it stays there: it may have begun a
 * transaction or set something.
 */
export class ClusterConnection implements DatabaseConnection {
  readonly #driver: Driver;
  readonly #readers: Readers;
  #primary: Promise<DatabaseConnection> | undefined;

  constructor(driver: Driver, readers: Readers) {
    this.#driver = driver;
    this.#readers = readers;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const reads = this.#readsOf(query);
    if (!reads) return (await this.takePrimary()).executeQuery<Row>(query);
    const { rows } = await this.#readers.pool(reads).query(query.sql, [...query.parameters]);
    return { rows: rows as Row[] };
  }

  async *streamQuery<Row>(query: CompiledQuery, chunkSize?: number): AsyncIterableIterator<QueryResult<Row>> {
    const reads = this.#readsOf(query);
    if (!reads) {
      yield* (await this.takePrimary()).streamQuery<Row>(query, chunkSize);
      return;
    }
    const driver = this.#readers.driver(reads);
    await driver.init();
    const connection = await driver.acquireConnection();
    try {
      yield* connection.streamQuery<Row>(query, chunkSize);
    } finally {
      await driver.releaseConnection(connection);
    }
  }

  takePrimary(): Promise<DatabaseConnection> {
    this.#primary ??= this.#driver.acquireConnection().catch((error: unknown) => {
      this.#primary = undefined;
      throw error;
    });
    return this.#primary;
  }

  async release(): Promise<void> {
    const primary = await this.#primary;
    this.#primary = undefined;
    if (primary) await this.#driver.releaseConnection(primary);
  }

  #readsOf(query: CompiledQuery): ReadOptions | undefined {
    return this.#primary ? undefined : readMarks.get(query.queryId);
  }
}
