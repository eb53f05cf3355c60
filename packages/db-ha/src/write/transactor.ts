import { classifyCommitError, classifyError, serverErrorIn } from '../classify-error';
import type { Counts } from '../counts';
import { CommitUnknownError, DatabaseError } from '../errors';
import { interruptedError } from '../interrupted-error';
import type { Lease } from '../node/lease';
import { askServer } from '../node/server-report';
import { Interrupted, type Operation } from '../operation';
import type { Operations } from '../operations';
import type { Session } from '../session/session';
import type { Settings } from '../settings';
import type { Monitor } from '../topology/monitor';
import { type Topology, WrongServerError } from '../topology/topology';
import type { Transaction, TransactionOptions } from '../types';
import { cancelStatement } from './cancel-statement';
import { commitAndLocate, isPositionRefused, readCommit } from './commit';
import { explainMissingTable, explainUnkeepable, keepResult, resultText, takeKey } from './idempotency';
import { patiently } from './patiently';
import { RunningTransaction } from './running-transaction';
import type { Writer } from './writer';

const defaultMaxAttempts = 5;

/** Why an attempt ended without a result, and whether another one is safe. */
class AttemptFailed extends Error {
  readonly error: unknown;

  constructor(error: unknown) {
    super('attempt failed');
    this.error = error;
  }
}

/** Whole transactions on the primary, tried again where that is safe. */
export class Transactor {
  readonly #writer: Writer;
  readonly #topology: Topology;
  readonly #monitor: Monitor;
  readonly #operations: Operations;
  readonly #settings: Settings;
  readonly #counts: Counts;

  constructor(
    writer: Writer,
    topology: Topology,
    monitor: Monitor,
    operations: Operations,
    settings: Settings,
    counts: Counts,
  ) {
    this.#writer = writer;
    this.#topology = topology;
    this.#monitor = monitor;
    this.#operations = operations;
    this.#settings = settings;
    this.#counts = counts;
  }

  async run<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    options: TransactionOptions,
    operation: Operation,
    session: Session,
  ): Promise<Result> {
    const maxAttempts = options.maxAttempts ?? defaultMaxAttempts;
    // A commit of which nobody knows outweighs every later failure, until an attempt has seen that it is not there.
    let doubt: unknown;
    const settleDoubt = () => {
      doubt = undefined;
    };
    let attempt = 0;
    for (;;) {
      attempt += 1;
      try {
        if (attempt > 1) await this.#backOff(attempt, operation);
        const lease = await this.#writer.lease(operation);
        return await this.#attempt(lease, work, options, operation, session, settleDoubt);
      } catch (failure) {
        const isFinal = !(failure instanceof AttemptFailed);
        const error = isFinal ? failure : failure.error;
        if (CommitUnknownError.isInstance(error)) doubt = error;
        if (isFinal || attempt >= maxAttempts) throw doubt ?? error;
        this.#counts.retriedTransactions += 1;
        operation.forgiveLoss();
      }
    }
  }

  async #attempt<Result>(
    lease: Lease,
    work: (transaction: Transaction) => Promise<Result>,
    options: TransactionOptions,
    operation: Operation,
    session: Session,
    settleDoubt: () => void,
  ): Promise<Result> {
    const { idempotencyKey: key } = options;
    const { idempotencyTable: table } = this.#settings;
    const running = new RunningTransaction(lease, operation, this.#operations);
    let result: Result;
    try {
      await running.send(`BEGIN${options.isolation ? ` ISOLATION LEVEL ${options.isolation}` : ''}`);
      // What a pooler put behind this connection may have changed since it was opened.
      if (lease.node.options.pooler === 'transaction')
        this.#topology.verify(lease.node, 'write', await running.run(() => askServer(lease.client)));
      const repeated =
        key === undefined
          ? undefined
          : await running.run(() => takeKey(lease.client, table, key)).catch(explainMissingTable(table));
      if (repeated) {
        await running.send('ROLLBACK');
        // Whoever did it the first time: the caller is told that it is done, and must find it so.
        session.wrote(lease.server.commitsAsynchronously);
        lease.release();
        return repeated.result as Result;
      }
      settleDoubt();
      result = await operation.race(running.whileOpen(work));
      // What the work forgave itself, the server does not.
      if (running.failure !== undefined) throw running.failure;
      const kept = key === undefined ? undefined : resultText(result);
      if (key !== undefined && kept !== undefined)
        await running.run(() => keepResult(lease.client, table, key, kept)).catch(explainUnkeepable);
    } catch (error) {
      return await this.#abandon(lease, running, session, error);
    } finally {
      running.end();
    }
    await this.#commit(lease, operation, session, key !== undefined);
    return result;
  }

  /** Before the commit was sent nothing can have taken effect, whatever happened. */
  async #abandon(
    lease: Lease,
    running: RunningTransaction,
    session: Session,
    error: unknown,
  ): Promise<never> {
    if (CommitUnknownError.isInstance(running.failure)) {
      this.#counts.unknownCommits += 1;
      session.wrote(false);
      lease.release(running.failure);
      throw running.failure;
    }
    const broken = running.failure ?? lease.failure;
    if (error instanceof Interrupted) {
      // The server would go on until it has something to say, and hold its locks.
      void cancelStatement(lease, this.#settings);
      lease.release(error);
      if (error.interruption === 'fenced' || error.interruption === 'lost') {
        throw new AttemptFailed(interruptedError(error, `a transaction on ${lease.node.name}`));
      }
      throw interruptedError(error, `a transaction on ${lease.node.name}`);
    }
    if (broken !== undefined) {
      lease.release(broken as Error);
      if (broken instanceof Interrupted)
        throw interruptedError(broken, `a transaction on ${lease.node.name}`);
      void this.#monitor.suspect(lease.node);
      throw new AttemptFailed(
        new DatabaseError(
          'UNITE_DB_CONNECTION_LOST',
          `The connection to ${lease.node.name} broke during a transaction; nothing took effect`,
          { cause: broken },
        ),
      );
    }
    await this.#rollBack(lease);
    const said = serverErrorIn(error);
    const kind = said === undefined ? 'statement' : classifyError(said);
    if (kind === 'read-only' || error instanceof WrongServerError) {
      await this.#monitor.suspect(lease.node);
      // While it is the primary, it was the work itself that asked for a transaction which only reads.
      if (this.#topology.writer !== lease.node) throw new AttemptFailed(error);
    }
    throw kind === 'conflict' ? new AttemptFailed(error) : error;
  }

  async #rollBack(lease: Lease): Promise<void> {
    try {
      await lease.client.query('ROLLBACK');
      lease.release();
    } catch (error) {
      lease.release(error as Error);
    }
  }

  async #commit(lease: Lease, operation: Operation, session: Session, hasKey: boolean): Promise<void> {
    const isAsynchronous = lease.server.commitsAsynchronously;
    const sent = lease.client.query(commitAndLocate(isAsynchronous));
    this.#operations.waitFor(operation, lease.node);
    try {
      const answer = await patiently(sent, operation, this.#settings.clock);
      const { token } = readCommit(answer, lease.server, isAsynchronous);
      session.commitsAsynchronously ||= isAsynchronous;
      if (token) session.advance(token);
      else session.wrote(isAsynchronous);
      lease.release();
    } catch (error) {
      if (isPositionRefused(error)) {
        session.wrote(isAsynchronous);
        lease.release();
        return;
      }
      const kind = error instanceof Interrupted ? 'lost' : classifyCommitError(error);
      if (DatabaseError.isInstance(error)) {
        lease.release();
        throw error;
      }
      if (kind === 'statement' || kind === 'conflict') {
        // The server says why before it says that no transaction is open any more; the driver has to hear that.
        await this.#rollBack(lease);
        throw kind === 'conflict' ? new AttemptFailed(error) : error;
      }
      lease.release(error as Error);
      void this.#monitor.suspect(lease.node);
      if (kind === 'not-sent') throw new AttemptFailed(brokenBeforeCommit(lease, error));
      const unknown = this.#writer.unknown(lease.node, 'COMMIT', session, error);
      // With a key the next attempt finds out; without one nobody can.
      throw hasKey && operation.canGoOn ? new AttemptFailed(unknown) : unknown;
    } finally {
      this.#operations.stopWaiting(operation);
    }
  }

  async #backOff(attempt: number, operation: Operation): Promise<void> {
    const { clock, random } = this.#settings;
    try {
      await operation.race(clock.sleep(random() * 2.5 * 2 ** attempt));
    } catch (error) {
      throw error instanceof Interrupted
        ? interruptedError(error, 'before trying a transaction again')
        : error;
    }
  }
}

function brokenBeforeCommit(lease: Lease, cause: unknown): DatabaseError {
  const text = `The connection to ${lease.node.name} broke before the commit was sent; nothing took effect`;
  return new DatabaseError('UNITE_DB_CONNECTION_LOST', text, { cause });
}
