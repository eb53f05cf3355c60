/**
 * The parts of `pg` that a cluster uses. Any driver of this shape will do; it is given as a constructor and
 * never looked up, so that the application's `pg`, with its instrumentation and type parsers, is the one used.
 */

/** Result of a statement, as `pg` gives it. */
export interface PgResult<Row = Record<string, unknown>> {
  readonly rows: Row[];
  readonly rowCount: number | null;
  /** Command tag's first word, such as `INSERT`. A failed transaction answers `COMMIT` with `ROLLBACK`. */
  readonly command: string;
}

/** A statement with more to say than text and values. */
export interface PgQueryConfig {
  readonly text: string;
  readonly values?: unknown[] | undefined;
  /** Prepares the statement under this name. */
  readonly name?: string | undefined;
}

/** One connection, checked out of a {@link PgPool}. */
export interface PgClient {
  query(text: string | PgQueryConfig, values?: unknown[]): Promise<PgResult>;
  on(event: 'error' | 'end', listener: (error: Error) => void): unknown;
  /** Says when every statement that was handed to the driver is done. */
  once?(event: 'drain', listener: () => void): unknown;
  /** Gives the connection back; with an error or `true` it is closed instead. */
  release(error?: Error | boolean): void;
  /** `I` idle, `T` in a transaction, `E` in a failed one. */
  getTransactionStatus?(): 'I' | 'T' | 'E' | null;
}

/** A pool of connections to one node. `pg.Pool` is one. */
export interface PgPool {
  connect(callback: (error: Error | undefined, client: PgClient | undefined) => void): void;
  end(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** What the driver's constructor is given. */
export interface PgPoolConfig {
  readonly connectionString: string;
  readonly max: number;
  readonly min?: number;
  readonly connectionTimeoutMillis: number;
  readonly idleTimeoutMillis: number;
  readonly keepAlive: true;
  readonly keepAliveInitialDelayMillis: number;
  readonly application_name?: string;
  readonly statement_timeout?: number;
  readonly idle_in_transaction_session_timeout?: number;
  readonly options?: string;
  readonly ssl?: TlsOptions;
}

/** TLS for the connections: `true`, or the options of `node:tls`. */
export type TlsOptions = boolean | object;

/** Makes the pool of one node, such as `pg.Pool`. */
export type PgPoolConstructor<Pool extends PgPool = PgPool> = new (config: PgPoolConfig) => Pool;
