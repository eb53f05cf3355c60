import { classifyCommitError, classifyError, isServerError, isUnsendable, reasonOf } from './classify-error';
import type { PgClient, PgQueryConfig, PgResult } from './driver-types';
import { DatabaseError } from './errors';
import { interruptedError } from './interrupted-error';
import type { Lease } from './node/lease';
import { Interrupted, type Operation } from './operation';
import type { Operations } from './operations';
import { readOnlyMistake } from './read/read-only-mistake';
import { couldWrite, sendReadOnly } from './read/send-read-only';
import { isSubmittable, type Statement, send, textOf } from './send';
import type { Session } from './session/session';
import type { Settings } from './settings';
import { statementMistake } from './statement-mistake';
import { Turns } from './turns';
import { isRolledBack } from './write/cancel-statement';
import { checkCommitted, commitAndLocate, isPositionRefused, readCommit } from './write/commit';
import { patiently } from './write/patiently';
import {
  commitsTransaction,
  controlsTransaction,
  isBegin,
  isCommit,
  isWhole,
  outlastsTransaction,
} from './write/transaction-words';

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
  const turns = new Turns();
  const isGuarded = purpose === 'read' && couldWrite(lease);
  let isOver = false;
  let isReleased = false;
  /** The server's word against a statement comes before it says whether a transaction is open now. */
  let isUncertain = false;
  /** A cursor is not at its end: whatever came next on the connection would wait for it, perhaps for ever. */
  let isSubmitting = false;
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
      void turns.take(() => submit(given, valuesOrCallback, callback));
      return given;
    }
    const done = typeof valuesOrCallback === 'function' ? valuesOrCallback : callback;
    const values = typeof valuesOrCallback === 'function' ? undefined : valuesOrCallback;
    const mistake =
      statementMistake(given, values) ??
      (purpose === 'read' ? readOnlyMistake(textOf(given), values) : undefined);
    const result = mistake ? Promise.reject<PgResult>(mistake) : turns.take(() => run(given, values));
    if (!done) return result;
    result.then(
      (answer) => process.nextTick(done, undefined, answer),
      (error: Error) => process.nextTick(done, error),
    );
    return undefined;
  }

  /** Goes its own way on the connection, and may write until the connection has nothing more to do. */
  async function submit(...args: unknown[]): Promise<void> {
    const wrote = () => purpose === 'write' && session.wrote(lease.server.commitsAsynchronously);
    if (isGuarded && !lease.isInTransaction)
      await send(client, { query: 'BEGIN READ ONLY', values: undefined }, query);
    isSubmitting = true;
    wrote();
    client.once?.('drain', () => {
      isSubmitting = false;
      wrote();
    });
    Reflect.apply(query, client, args);
  }

  async function run(given: string | PgQueryConfig, values: unknown[] | undefined): Promise<PgResult> {
    if (broken !== undefined) throw broken;
    const text = textOf(given) ?? '';
    const isCommitting = purpose === 'write' && isCommit(text);
    const mayCommit = purpose === 'write' && (isCommitting || commitsTransaction(text));
    const isAlone = isUncertain || !lease.isInTransaction;
    const canHaveEffect = purpose === 'write' && (isAlone ? !isBegin(text) : outlastsTransaction(text));
    lease.note(given, values);
    const isAsynchronous = lease.server.commitsAsynchronously;
    const statement = isCommitting
      ? { query: commitAndLocate(isAsynchronous), values: undefined }
      : { query: given, values };
    const sentAtMs = settings.clock.monotonicMs();
    const operation = options.begin(purpose);
    let sent: Promise<PgResult> | undefined;
    try {
      operation.throwIfInterrupted();
      operations.waitFor(operation, node);
      sent = isGuarded ? sendReadOnly(lease, statement, query) : send(client, statement, query);
      const answer = await (mayCommit ? patiently(sent, operation, settings.clock) : operation.race(sent));
      isUncertain = false;
      if (purpose === 'read') readWell(sentAtMs);
      if (isCommitting) return committed(answer, isAsynchronous);
      if (mayCommit) checkCommitted(answer, text);
      // What is in a transaction that is open now takes effect by its commit.
      if (mayCommit || (canHaveEffect && !lease.isInTransaction)) session.wrote(isAsynchronous);
      return answer;
    } catch (error) {
      if (isCommitting && isPositionRefused(error)) {
        session.wrote(isAsynchronous);
        return { command: 'COMMIT', rowCount: null, rows: [] };
      }
      isUncertain ||= controlsTransaction(text) || isUnsendable(error);
      if (sent) throw await explained(error, sent, text, mayCommit, canHaveEffect);
      throw interruptedError(error as Interrupted, `before a statement for ${node.name} was sent`);
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
    text: string,
    mayCommit: boolean,
    canHaveEffect: boolean,
  ): Promise<unknown> {
    const what = mayCommit ? 'COMMIT' : 'a statement';
    if (error instanceof Interrupted) {
      // A commit is never cancelled: one that stops waiting for its replicas says that it succeeded.
      const isCancelled = !mayCommit && (await isRolledBack(lease, sent, error, settings));
      if (isCancelled && (!canHaveEffect || isWhole(text)))
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
    if (purpose === 'read') node.lostRead(settings.clock.monotonicMs());
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

  /**
   * The borrower's. One that was taken away is released a first time all the same, as every `finally` does.
   * What was asked before and not awaited comes first.
   */
  function release(error?: Error | boolean): void {
    if (isReleased) throw new Error('Release called on client which has already been released to the pool.');
    isReleased = true;
    const reason = error || (broken as Error | undefined);
    if (reason || turns.isIdle) giveBack(reason);
    else void turns.take(async () => giveBack(broken as Error | undefined));
  }

  function giveBack(error?: Error | boolean): void {
    if (isOver) return;
    isOver = true;
    // The driver's own again. A broken one is nobody's any more, and goes on saying why.
    if (broken === undefined) delete (client as { query?: unknown }).query;
    operations.end(borrowed);
    const reason =
      error ||
      (isUncertain && new Error('released behind a failed end of a transaction')) ||
      (isSubmitting && new Error('released before a cursor was at its end'));
    lease.release(reason === true ? new Error('released as broken') : reason || undefined);
  }
}
