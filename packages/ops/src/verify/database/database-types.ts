/** The part of `pg.Client` that is used. */
export interface PgClientLike {
  connect(): Promise<unknown>;
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
  end(): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** What the constructor is given. */
export interface PgClientConfig {
  readonly connectionString: string;
  readonly connectionTimeoutMillis: number;
  readonly application_name: string;
  readonly ssl?: boolean | object;
}

/** `pg.Client`, or anything of its shape. */
export type PgClientConstructor = new (config: PgClientConfig) => PgClientLike;

/** One server, or a pooler before it. */
export interface DatabaseNode {
  /** `postgres://user:password@host:port/database`, with the role that the application uses. */
  readonly url: string;
  /** Label in findings. @default `host:port` */
  readonly name?: string | undefined;
  /** What it should be. @default either: exactly one of all has to be the primary */
  readonly role?: 'primary' | 'replica' | undefined;
}

/** Options of `verifyDatabase`. */
export interface VerifyDatabaseOptions {
  /** Every server of one cluster, in any order. */
  readonly nodes: readonly DatabaseNode[];
  /** The driver: `pg.Client`. */
  readonly Client: PgClientConstructor;
  /** How long a replica may take to show a write of the primary, in milliseconds. @default 5_000 */
  readonly maxLagMs?: number | undefined;
  /** Whether a connection in plain text is a failure. @default false */
  readonly requireTls?: boolean | undefined;
  /** TLS of the connections, as `pg` takes it. @default what the URL says */
  readonly ssl?: boolean | object | undefined;
  /** Longest time for a connection, or for one answer, in milliseconds. @default 3_000 */
  readonly timeoutMs?: number | undefined;
  /** Name of the verifier. @default 'database' */
  readonly name?: string | undefined;
}
