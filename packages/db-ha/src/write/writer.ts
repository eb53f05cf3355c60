import type { QueryMessage } from '../channel-types';
import { classifyError, isServerError, reasonOf } from '../classify-error';
import type { Counts } from '../counts';
import type { PgResult } from '../driver-types';
import { CommitUnknownError, DatabaseError } from '../errors';
import { interruptedError } from '../interrupted-error';
import type { ClusterNode } from '../node/cluster-node';
import type { Lease } from '../node/lease';
import { Interrupted, type Operation } from '../operation';
import type { Operations } from '../operations';
import { isSubmittable, type Statement, sendPrepared, textOf } from '../send';
import type { Session } from '../session/session';
import type { Settings } from '../settings';
import type { Monitor } from '../topology/monitor';
import { isRolledBack } from './cancel-statement';
import { isWhole } from './transaction-words';
import { Entry, type WriterGate } from './writer-gate';

/** Pause after a server that would not take a connection. */
const retryMs = 20;
/** Tries of a single statement that the server rolled back because of others. */
const maxConflicts = 5;

/** Statements on the primary. */
export class Writer {
  readonly #gate: WriterGate;
  readonly #monitor: Monitor;
  readonly #operations: Operations;
  readonly #settings: Settings;
  readonly #counts: Counts;

  constructor(
    gate: WriterGate,
    monitor: Monitor,
    operations: Operations,
    settings: Settings,
    counts: Counts,
  ) {
    this.#gate = gate;
    this.#monitor = monitor;
    this.#operations = operations;
    this.#settings = settings;
    this.#counts = counts;
  }

  /**
   * A connection to whoever is the primary. Nothing has been sent when this fails, so it is tried again
   * until the operation's time is up or the gate gives up.
   *
   * @throws DatabaseError
   */
  async lease(operation: Operation): Promise<Lease> {
    this.#monitor.start();
    for (;;) {
      const entering = this.#gate.enter(operation);
      const entry = entering instanceof Entry ? entering : await this.#entered(entering);
      const { node } = entry;
      this.#operations.waitFor(operation, node);
      try {
        const lease = await node.writes.lease(operation);
        lease.onRelease = entry;
        return lease;
      } catch (error) {
        entry.leave(false);
        // What happens to the node from here on is news, and no reason to stop.
        this.#operations.stopWaiting(operation);
        this.#giveUpOrGoOn(error, node, operation);
        this.#counts.retriedWrites += 1;
        await this.#pause(operation, node);
      } finally {
        this.#operations.stopWaiting(operation);
      }
    }
  }

  async #entered(entering: Promise<Entry>): Promise<Entry> {
    try {
      return await entering;
    } catch (error) {
      throw error instanceof Interrupted ? interruptedError(error, 'waiting for a primary') : error;
    }
  }

  /** After a connection could not be had, when nothing had been sent. */
  #giveUpOrGoOn(error: unknown, node: ClusterNode, operation: Operation): void {
    if (DatabaseError.isInstance(error)) {
      this.#counts.refused += 1;
      throw error;
    }
    operation.forgiveLoss();
    if (error instanceof Interrupted && error.interruption !== 'fenced')
      throw interruptedError(error, `waiting for a connection to ${node.name}`);
    if (classifyError(error) === 'denied')
      throw new DatabaseError('UNITE_DB_ACCESS_DENIED', `${node.name}: ${reasonOf(error)}`, { cause: error });
  }

  /** One statement, committed by itself. @throws CommitUnknownError; DatabaseError; the driver's error */
  async query(statement: Statement, operation: Operation, session: Session): Promise<PgResult> {
    let hasRerouted = false;
    let conflicts = 0;
    for (;;) {
      const lease = await this.lease(operation);
      try {
        return await this.#send(lease, statement, operation, session);
      } catch (error) {
        const kind = classifyError(error);
        if (error instanceof Interrupted || DatabaseError.isInstance(error) || isSubmittable(statement.query))
          throw error;
        // What the server says against a text that commits on its way is not said of all of it.
        if (isServerError(error) && !isWhole(textOf(statement.query))) throw error;
        if (kind === 'conflict' && ++conflicts < maxConflicts) continue;
        // Said before the statement took effect: the server is a replica now, and another the primary.
        if (kind === 'not-sent' || (kind === 'read-only' && !hasRerouted)) {
          hasRerouted ||= kind === 'read-only';
          this.#counts.retriedWrites += 1;
          await this.#pause(operation, lease.node);
          continue;
        }
        throw error;
      }
    }
  }

  /** Sends on a leased connection and gives it back. */
  async #send(lease: Lease, statement: Statement, operation: Operation, session: Session): Promise<PgResult> {
    lease.note(statement.query, statement.values);
    const sent = sendPrepared(lease, statement);
    this.#operations.waitFor(operation, lease.node);
    if (operation.message) tell(operation.message, lease.node);
    try {
      const result = await operation.race(sent);
      session.wrote(lease.server.commitsAsynchronously);
      const isLeftOpen = lease.isInTransaction;
      lease.release();
      if (isLeftOpen) throw leftOpenError();
      return result;
    } catch (error) {
      if (error instanceof Interrupted) return await this.#settle(lease, statement, sent, error, session);
      this.#rethrow(error, lease, statement, session);
    } finally {
      this.#operations.stopWaiting(operation);
    }
  }

  /** After an error of the driver: gives the connection back in the right way. */
  #rethrow(error: unknown, lease: Lease, { query }: Statement, session: Session): never {
    const kind = classifyError(error);
    if (DatabaseError.isInstance(error)) throw error;
    if (kind === 'statement' || kind === 'conflict') {
      lease.releaseAfter(error as Error, query);
      throw error;
    }
    lease.release(error as Error);
    void this.#monitor.suspect(lease.node);
    if (kind !== 'lost') throw error;
    throw this.unknown(lease.node, 'a statement', session, error);
  }

  /** An interrupted statement: the server's verdict on it decides what is told. */
  async #settle(
    lease: Lease,
    { query }: Statement,
    sent: Promise<PgResult>,
    interrupted: Interrupted,
    session: Session,
  ): Promise<never> {
    if (await isRolledBack(lease, sent, interrupted, this.#settings)) {
      lease.releaseAfter(interrupted, query);
      if (isWhole(textOf(query)))
        throw interruptedError(interrupted, `a statement on ${lease.node.name} was cancelled`);
    } else lease.release(interrupted);
    throw this.unknown(lease.node, 'a statement', session, interrupted);
  }

  /** Counts and makes the error for a write of which nobody knows. It may be there, so the session expects it. */
  unknown(node: ClusterNode, what: string, session: Session, cause: unknown): CommitUnknownError {
    session.wrote(false);
    this.#counts.unknownCommits += 1;
    return new CommitUnknownError(
      `The connection to ${node.name} was given up while ${what} was under way (${reasonOf(cause)}); whether it took effect is not known`,
      { cause },
    );
  }

  /** Finds out what became of the node, then tries again. */
  async #pause(operation: Operation, node: ClusterNode): Promise<void> {
    const looked = this.#monitor.suspect(node).then(() => this.#settings.clock.sleep(retryMs));
    try {
      await operation.race(looked);
    } catch (error) {
      throw error instanceof Interrupted ? interruptedError(error, `waiting for ${node.name}`) : error;
    }
  }
}

/** The next statement would go to another connection, and nobody would ever commit. */
function leftOpenError(): DatabaseError {
  return new DatabaseError(
    'UNITE_DB_ROLLED_BACK',
    'The statement left a transaction open, which was rolled back; use transaction() or connect()',
  );
}

function tell(message: QueryMessage, node: ClusterNode): void {
  message.node = node.name;
  message.role = 'primary';
}
