import { isStalePlan, markUnsendable } from './classify-error';
import type { PgClient, PgQueryConfig, PgResult } from './driver-types';
import type { Lease } from './node/lease';

/** A statement that brings its own protocol, such as `pg-cursor` or `pg-query-stream`. */
export interface Submittable {
  submit(connection: unknown): unknown;
}

/** A statement as an application gives it. */
export interface Statement {
  readonly query: string | PgQueryConfig | Submittable;
  readonly values: unknown[] | undefined;
}

export function isSubmittable(query: unknown): query is Submittable {
  return typeof (query as { submit?: unknown } | null)?.submit === 'function';
}

/** The SQL of a statement; one that brings its own protocol need not have any. */
export function textOf(query: Statement['query']): string | undefined {
  return typeof query === 'string' ? query : (query as { readonly text?: string }).text;
}

type Callback = (error: Error | null | undefined, result: PgResult) => void;

/**
 * Sends a statement. By callback, which all that `pg` takes have in common, and which spares it a promise
 * of its own.
 *
 * @param query the driver's own, where the client's has been replaced
 */
export function send(client: PgClient, statement: Statement, query = client.query): Promise<PgResult> {
  const byCallback = query as unknown as (
    this: PgClient,
    query: Statement['query'],
    values: unknown[] | undefined,
    callback: Callback,
  ) => void;
  return new Promise((resolve, reject) => {
    let hasBeenSent = false;
    byCallback.call(client, statement.query, statement.values, (error, result) => {
      // An answer before the question is the driver's own, such as to a value that it cannot write.
      if (error && !hasBeenSent) markUnsendable(error);
      if (error) reject(error);
      else resolve(result);
    });
    hasBeenSent = true;
  });
}

/**
 * Sends a statement outside of a transaction. A prepared one whose tables have changed is sent once more,
 * unprepared: PostgreSQL refuses the stale plan before it does anything.
 */
export function sendPrepared(lease: Lease, statement: Statement): Promise<PgResult> {
  const sent = send(lease.client, statement);
  if (typeof statement.query === 'string') return sent;
  const { name, ...unnamed } = statement.query as PgQueryConfig;
  if (name === undefined) return sent;
  return sent.catch((error: unknown) => {
    if (!isStalePlan(error)) throw error;
    lease.wearOut();
    return send(lease.client, { ...statement, query: unnamed });
  });
}
