import type { PgPool } from '../driver-types';
import type { ReadOptions } from '../types';

/**
 * PostgreSQL's own parser. The npm package `libpg-query`, 17 or later, is one; take its newest major, for the
 * grammar of a newer server reads every older statement.
 */
export interface SqlParser {
  /** Loads what parsing needs. Called once, before the first `parseSync`. */
  loadModule?(): Promise<void>;
  /** The parse tree as libpg_query writes it in JSON. Throws on a syntax error. */
  parseSync(text: string): unknown;
}

/** Options of `createRouter`. */
export interface RouterOptions {
  /** The namespace of `libpg-query`. */
  readonly parser: SqlParser;
  /**
   * Functions that only read, beyond PostgreSQL's own, as statements write them: `price_of` covers
   * `price_of(…)`, `shop.price_of` covers `shop.price_of(…)`. Case is folded as SQL does it.
   *
   * @default []
   */
  readonly safeFunctions?: readonly string[] | undefined;
  /**
   * Operators whose functions only read, beyond PostgreSQL's own, as statements write them: `<=>` for
   * pgvector's distance.
   *
   * @default []
   */
  readonly safeOperators?: readonly string[] | undefined;
  /** Statements whose route is remembered. @default 1_000 */
  readonly maxEntries?: number | undefined;
  /** Bytes that their texts may take together. @default 4_194_304 */
  readonly maxBytes?: number | undefined;
}

/** Why a statement goes to the primary. The texts are stable: count them, show them. */
export type PrimaryReason =
  /** Not given as text: a cursor or another object that submits itself. */
  | 'no text'
  /** Neither `SELECT`, `VALUES` nor `TABLE`. */
  | 'not a read'
  /** Too long, or too deep, to be parsed on the way to the database. */
  | 'too complex'
  /** The parser refused it. The server shall say what is wrong. */
  | 'unparsed'
  /** More than one statement in one text. */
  | 'several statements'
  /** `FOR UPDATE`, `FOR SHARE` and their like. */
  | 'locking clause'
  /** `SELECT … INTO`. */
  | 'creates a table'
  /** A `WITH` that inserts, updates, deletes or merges. */
  | 'writes'
  /** A function that is not known to only read, and to read the same on every node. */
  | 'function'
  /** An operator that is not PostgreSQL's own. */
  | 'operator'
  /** A view about the server or the session, which a replica would answer for itself. */
  | 'system view'
  /** A sequence, read like a table: it writes its log 32 values ahead, which is what a replica shows. */
  | 'sequence'
  /** A table in `pg_temp`. */
  | 'temporary table'
  /** Syntax that this version does not know to be harmless. */
  | 'unknown syntax'
  /** A replica was asked before and refused: a view, a cast or a type hides what the text does not show. */
  | 'refused by a replica';

/** Where a statement goes. */
export type Route =
  | { readonly target: 'replica' }
  | {
      readonly target: 'primary';
      readonly reason: PrimaryReason;
      /** What it was, such as the function's name. For people; its values are not bounded. */
      readonly detail?: string | undefined;
    };

/** Message of the channel `unite:db-ha:route`, published for each statement of a routed pool. */
export interface RouteMessage {
  readonly target: Route['target'];
  readonly reason: PrimaryReason | undefined;
}

/** What `route` needs of a cluster; `createCluster` makes one. */
export type RoutableCluster<Pool extends PgPool> = Pick<Pool, keyof PgPool> & {
  readOnly(options?: ReadOptions): Pool;
};

/** Tells reads from everything else. */
export interface Router {
  /**
   * Where one text goes. Never throws. Parameters never matter.
   *
   * @example
   * router.classify('SELECT 1 FOR UPDATE'); // { target: 'primary', reason: 'locking clause' }
   */
  classify(text: string): Route;
  /**
   * A pool that splits by itself: reads go to `cluster.readOnly(reads)`, the rest to the cluster. What
   * `connect` gives is bound to no node until its first statement that is no read; from then on it stays on
   * the primary until it is released.
   *
   * @param reads what reads put up with; see `readOnly`
   * @example
   * const db = new Kysely({ dialect: new PostgresDialect({ pool: router.route(cluster) }) });
   */
  route<Pool extends PgPool>(cluster: RoutableCluster<Pool>, reads?: ReadOptions): Pool;
}
