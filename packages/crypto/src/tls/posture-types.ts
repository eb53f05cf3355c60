import type { ClientTlsOptions } from './types';

/** One way that data takes, as it was found. */
export interface TlsHop {
  /** Such as `PostgreSQL 10.0.0.5:5432`. */
  readonly name: string;
  /** Who connects: `app`, `browser`, `replica_1`. */
  readonly from: string;
  /** Who is connected to, as host and port. */
  readonly to: string;
  /** What was agreed on: `TLSv1.3`. `undefined` without TLS, or where nothing was agreed on. */
  readonly protocol: string | undefined;
  /** By its name in the standard: `TLS_AES_256_GCM_SHA384`. */
  readonly cipher: string | undefined;
  /** When the server's certificate ends, milliseconds since the epoch. */
  readonly expiresAtMs: number | undefined;
  /** Whether a client that speaks nothing newer gets in. `undefined` where that could not be found out. */
  readonly acceptsTls12: boolean | undefined;
  /** Whether a client without TLS gets an answer. `undefined` where that could not be found out. */
  readonly acceptsPlaintext: boolean | undefined;
  /** `warned`: encrypted, and somebody should look. `failed`: not encrypted as it should be, or nobody answers. */
  readonly status: 'passed' | 'warned' | 'failed';
  /** What was seen, in one sentence, without secrets. */
  readonly detail: string;
  /** What to do about it; absent where it passed. */
  readonly remedy?: string | undefined;
}

/** What is looked for while one hop is looked at. */
export interface TlsRun {
  /** Aborts when the time is up. */
  readonly signal: AbortSignal;
}

/** Something that is wrong with a hop. */
export interface TlsFault {
  readonly status: 'warned' | 'failed';
  readonly detail: string;
  readonly remedy: string;
}

/** What was seen of a hop, before it is judged. */
export interface TlsSight {
  /** In place of the check's own, where one check sees several hops. */
  readonly from?: string | undefined;
  readonly protocol?: string | undefined;
  readonly cipher?: string | undefined;
  readonly expiresAtMs?: number | undefined;
  readonly acceptsTls12?: boolean | undefined;
  readonly acceptsPlaintext?: boolean | undefined;
  /** What the server itself says, in a few words. */
  readonly serverSays?: string | undefined;
  readonly faults: readonly TlsFault[];
}

/** A hop that can be looked at: `httpsHop`, `pgHop`, `pgReplicationHop`, `redisHop`, or one of your own. */
export interface TlsHopCheck {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** A rejection is a failed hop. None at all where there is no such hop. */
  look(run: TlsRun): Promise<readonly TlsSight[]>;
}

/** Options of `checkTlsPosture`. */
export interface TlsPostureOptions {
  readonly hops: readonly TlsHopCheck[];
  /** Longest time for all hops, which are looked at side by side, in milliseconds. @default 5_000 */
  readonly timeoutMs?: number | undefined;
  /** A certificate that ends sooner is warned of, in days. @default 21 */
  readonly warnDays?: number | undefined;
  /** Ends the check: what was not seen yet has failed. */
  readonly signal?: AbortSignal | undefined;
}

/** What each hop is told. */
interface HopOptions extends ClientTlsOptions {
  /** @default what is spoken, and where to */
  readonly name?: string | undefined;
  /** Who connects. */
  readonly from?: string | undefined;
  /** The name that the certificate has to be for. @default the host in the URL */
  readonly servername?: string | undefined;
}

/** Options of `httpsHop`. */
export interface HttpsHopOptions extends HopOptions {
  /** `https://…`; with `http://…` the hop is one without TLS. */
  readonly url: string;
}

/** Options of `pgHop`. */
export interface PgHopOptions extends HopOptions {
  /** `postgres://…`, with password. */
  readonly url: string;
  /** `pg.Client`: asks the server what it says of the connection. */
  readonly Client: PgClientConstructor;
}

/** Options of `pgReplicationHop`. */
export interface PgReplicationHopOptions extends PgHopOptions {
  /**
   * What is asked of the server, for a role that may not see other connections: a query of a function that may, with
   * the columns `name`, `ssl`, `version` and `cipher`, a row for each standby.
   *
   * @default `pg_stat_replication` with `pg_stat_ssl`, which take the role `pg_read_all_stats`
   */
  readonly query?: string | undefined;
}

/** Options of `redisHop`. */
export interface RedisHopOptions extends HopOptions {
  /** `rediss://…`; with `redis://…` the hop is one without TLS. */
  readonly url: string;
  /** A client of `redis` or `ioredis`: asks the server for its ports. One that is not open yet is opened, and closed. */
  readonly client?: RedisClientLike | undefined;
}

/** A client of `redis` (node-redis 5 or later) or `ioredis` 5. It is looked at by its shape alone. */
export type RedisClientLike =
  | { sendCommand(...args: never[]): Promise<unknown> }
  | {
      call(command: string, ...args: never[]): Promise<unknown>;
      callBuffer(command: string, ...args: never[]): Promise<unknown>;
    };

/** What is needed of `pg.Client`. */
export interface PgClientLike {
  connect(): Promise<unknown>;
  query(text: string): Promise<{ readonly rows: readonly unknown[] }>;
  end(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** `pg.Client` itself. */
export type PgClientConstructor = new (config: {
  readonly connectionString: string;
  readonly ssl: boolean | object;
  readonly connectionTimeoutMillis: number;
  readonly query_timeout: number;
  readonly application_name: string;
}) => PgClientLike;
