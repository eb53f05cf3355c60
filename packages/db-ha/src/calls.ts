import { observe } from '@unite/shared';
import type { QueryMessage, TransactionMessage } from './channel-types';
import { queryChannel, transactionChannel } from './channels';
import { isServerError } from './classify-error';
import type { PgResult } from './driver-types';
import { DatabaseError } from './errors';
import type { Operation } from './operation';
import type { Operations } from './operations';
import type { Statement } from './send';
import type { Settings } from './settings';
import { statementSummary } from './statement-summary';

/** What every call of the application has in common: its time, its events, and the end of the cluster. */
export class Calls {
  readonly #operations: Operations;
  readonly #settings: Settings;
  readonly #onFirst: () => void;
  #isClosed = false;

  /** @param onFirst starts what constructing a cluster does not; called again and again */
  constructor(operations: Operations, settings: Settings, onFirst: () => void) {
    this.#operations = operations;
    this.#settings = settings;
    this.#onFirst = onFirst;
  }

  /** Runs one call within its time. @throws DatabaseError `UNITE_DB_CLOSED` */
  async run<Result>(
    kind: 'read' | 'write',
    timeoutMs: number | undefined,
    work: (operation: Operation) => Promise<Result>,
  ): Promise<Result> {
    if (this.#isClosed) throw new DatabaseError('UNITE_DB_CLOSED', 'The cluster is closed');
    this.#onFirst();
    const operation = this.begin(kind, timeoutMs);
    try {
      return await work(operation);
    } catch (error) {
      // The driver's errors are born in a socket's event; the way to the caller is worth more.
      if (isServerError(error)) Error.captureStackTrace(error as Error);
      throw error;
    } finally {
      this.#operations.end(operation);
    }
  }

  query(
    kind: 'read' | 'write',
    { query }: Statement,
    work: (operation: Operation) => Promise<PgResult>,
  ): Promise<PgResult> {
    if (!queryChannel?.hasSubscribers) return this.run(kind, undefined, work);
    const message: QueryMessage = { cluster: this.#settings.name, kind, statement: statementSummary(query) };
    return observe(queryChannel, message, () =>
      this.run(kind, undefined, (operation) => {
        operation.message = message;
        return work(operation);
      }),
    );
  }

  transaction<Result>(
    timeoutMs: number | undefined,
    isIdempotent: boolean,
    work: (operation: Operation) => Promise<Result>,
  ): Promise<Result> {
    if (!transactionChannel?.hasSubscribers) return this.run('write', timeoutMs, work);
    const message: TransactionMessage = { cluster: this.#settings.name, isIdempotent };
    return observe(transactionChannel, message, () => this.run('write', timeoutMs, work));
  }

  /** Begins an operation with what is left of the request's time; the caller ends it. Also while the cluster closes. */
  begin(kind: 'read' | 'write', timeoutMs = this.#settings.queryTimeoutMs): Operation {
    const { context, clock } = this.#settings;
    const { deadlineAtMs, signal } = context() ?? {};
    const remainingMs =
      deadlineAtMs === undefined || Number.isNaN(deadlineAtMs)
        ? timeoutMs
        : Math.min(timeoutMs, deadlineAtMs - clock.wallMs());
    const operation = this.#operations.begin(kind, remainingMs, signal);
    // Who comes too late is told at once, before anything is sent.
    if (signal?.aborted) operation.interrupt('aborted', signal.reason);
    else if (remainingMs <= 0) operation.interrupt('deadline');
    return operation;
  }

  /** Refuses new calls and waits for the others. @returns how many had to be cut off */
  close(timeoutMs: number): Promise<number> {
    this.#isClosed = true;
    return this.#operations.drain(timeoutMs);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }
}
