import { classifyCommitError, classifyError, isServerError, reasonOf } from './classify-error';
import type { PgClient, PgQueryConfig, PgResult } from './driver-types';
import { DatabaseError } from './errors';
import { interruptedError } from './interrupted-error';
import type { Lease } from './node/lease';
import { Interrupted, type Operation } from './operation';
import type { Operations } from './operations';
import { isSubmittable, type Statement, send } from './send';
import type { Session } from './session/session';
import type { Settings } from './settings';
import { statementMistake } from './statement-mistake';
import { isRolledBack } from './write/cancel-statement';
import { commitAndLocate, isCommit, readCommit } from './write/commit';
import { commitsTransaction } from './write/transaction-words';

/** What a borrowed client needs of its cluster. */
export interface BorrowOptions {
  readonly lease: Lease;
  readonly purpose: 'write' | 'read';
  readonly session: Session;
  readonly operations: Operations;
  readonly settings: Settings;
  /** Begins an operation for one query, with the request's deadline. */
  readonly begin: (kind: 'write' | 'read') => Operation;
  /** Counts and makes the error for a write of which nobody knows. */
  readonly unknown: (what: string, cause: unknown) => Error;
  readonly suspect: () => void;
}

type Callback = (error: Error | undefined, result?: PgResult) => void;

/**
 * Lends the driver's own client, so that everything it can do can be done. Its `query` is watched until it
 * is released: deadlines, the outcome of commits, and what the session wrote.
 */
export function borrowClient(options: BorrowOptions): PgClient {
  const { lease, operations, session, settings, purpose } = options;
  const { client, node } = lease;
  const { query } = client;
  const borrowed = operations.begin('borrow', Number.POSITIVE_INFINITY, undefined);
  borrowed.whenInterrupted((interrupted) => {
    broken ??= interruptedError(interrupted, `a connection to ${node.name}`);
    giveBack(interrupted);
  });
  let isOver = false;
  let isReleased = false;
  /**
   * Why the connection is of no more use. Every later statement fails with it too: what follows a failed
   * `COMMIT` is a `ROLLBACK`, and an error of its own would hide that the outcome is unknown.
   */
  let broken: unknown;

  return Object.assign(client, { query: watchedQuery, release });

  function watchedQuery(
    given: Statement['query'],
    valuesOrCallback?: unknown[] | Callback,
    callback?: Callback,
  ): unknown {
    if (isSubmittable(given)) {
      if (purpose === 'write') session.wrote(lease.server.commitsAsynchronously);
      return Reflect.apply(query, client, [given, valuesOrCallback, callback]);
    }
    const done = typeof valuesOrCallback === 'function' ? valuesOrCallback : callback;
    const values = typeof valuesOrCallback === 'function' ? undefined : valuesOrCallback;
    const result = run(given, values);
    if (!done) return result;
    result.then(
      (answer) => process.nextTick(done, undefined, answer),
      (error: Error) => process.nextTick(done, error),
    );
    return undefined;
  }

  async function run(given: string | PgQueryConfig, values: unknown[] | undefined): Promise<PgResult> {
    if (broken !== undefined) throw broken;
    const mistake = statementMistake(given, values);
    if (mistake) throw mistake;
    const text = typeof given === 'string' ? given : given.text;
    const isInTransaction = /^[TE]$/.test(client.getTransactionStatus?.() ?? 'I');
    const isCommitting = purpose === 'write' && isCommit(text);
    const mayCommit = purpose === 'write' && (isCommitting || commitsTransaction(text));
    lease.note(given, values);
    const isAsynchronous = lease.server.commitsAsynchronously;
    const operation = options.begin(purpose);
    operations.waitFor(operation, node);
    const statement = isCommitting
      ? { query: commitAndLocate(isAsynchronous), values: undefined }
      : { query: given, values };
    const sentAtMs = settings.clock.monotonicMs();
    const sent = send(client, statement, query);
    try {
      const answer = await operation.race(sent);
      if (purpose === 'read') readWell(sentAtMs);
      if (isCommitting) return committed(answer, isAsynchronous);
      if (purpose === 'write' && (mayCommit || !isInTransaction)) session.wrote(isAsynchronous);
      return answer;
    } catch (error) {
      throw await explained(error, sent, mayCommit, isInTransaction);
    } finally {
      operations.end(operation);
    }
  }

  /** What a read of the pool's own notes too: without it a node that was away would stay one that is coming back. */
  function readWell(sentAtMs: number): void {
    const nowMs = settings.clock.monotonicMs();
    node.latency.add(nowMs - sentAtMs, nowMs);
    node.breaker.success();
  }

  function committed(answer: PgResult, isAsynchronous: boolean): PgResult {
    const { result, token } = readCommit(answer, lease.server, isAsynchronous);
    if (token) session.advance(token);
    else session.wrote(isAsynchronous);
    return result;
  }

  async function explained(
    error: unknown,
    sent: Promise<unknown>,
    mayCommit: boolean,
    isInTransaction: boolean,
  ): Promise<unknown> {
    const canHaveEffect = purpose === 'write' && (mayCommit || !isInTransaction);
    const what = mayCommit ? 'COMMIT' : 'a statement';
    if (error instanceof Interrupted) {
      // A commit is never cancelled: one that stops waiting for its replicas says that it succeeded.
      if (!mayCommit && (await isRolledBack(lease, sent, error, settings)))
        return interruptedError(error, `a statement on ${node.name} was cancelled`);
      broken = canHaveEffect
        ? options.unknown(what, error)
        : interruptedError(error, `a statement on ${node.name}`);
      giveBack(error);
      return broken;
    }
    const kind = mayCommit ? classifyCommitError(error) : classifyError(error);
    // A word on the statement, the server's or the driver's: the connection is as good as before.
    if (DatabaseError.isInstance(error) || kind === 'statement' || (isServerError(error) && kind !== 'lost'))
      return error;
    if (purpose === 'read') node.breaker.failure(settings.clock.monotonicMs());
    options.suspect();
    broken =
      kind === 'lost' && canHaveEffect
        ? options.unknown(what, error)
        : new DatabaseError(
            'UNITE_DB_CONNECTION_LOST',
            `The connection to ${node.name} broke (${reasonOf(error)}); nothing took effect`,
            { cause: error },
          );
    return broken;
  }

  /** The borrower's. One that was taken away is released a first time all the same, as every `finally` does. */
  function release(error?: Error | boolean): void {
    if (isReleased) throw new Error('Release called on client which has already been released to the pool.');
    isReleased = true;
    giveBack(error || (broken as Error | undefined));
  }

  function giveBack(error?: Error | boolean): void {
    if (isOver) return;
    isOver = true;
    // The driver's own again. A broken one is nobody's any more, and goes on saying why.
    if (broken === undefined) delete (client as { query?: unknown }).query;
    operations.end(borrowed);
    const isOpen = /^[TE]$/.test(client.getTransactionStatus?.() ?? 'I');
    if (error) lease.release(error === true ? new Error('released as broken') : error);
    else lease.release(isOpen ? new Error('released inside a transaction') : undefined);
  }
}
