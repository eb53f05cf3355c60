import type { QueryMessage } from '../channel-types';
import { classifyError, reasonOf } from '../classify-error';
import type { Counts } from '../counts';
import type { PgResult } from '../driver-types';
import { CommitUnknownError, DatabaseError } from '../errors';
import { interruptedError } from '../interrupted-error';
import type { ClusterNode } from '../node/cluster-node';
import type { Lease } from '../node/connections';
import { Interrupted, type Operation, type Operations } from '../operation';
import { isSubmittable, type Statement, sendPrepared } from '../send';
import type { Session } from '../session/session';
import type { Settings } from '../settings';
import type { Monitor } from '../topology/monitor';
import { isRolledBack } from './cancel-statement';
import type { WriterGate } from './writer-gate';

/** A connection to the primary, in the hands of one operation. */
export interface WriterLease extends Lease {
  readonly node: ClusterNode;
  /** Gives back the connection and the place at the gate. With an error the connection is closed. */
  release(error?: Error): void;
}

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
  async lease(operation: Operation): Promise<WriterLease> {
    for (;;) {
      const entry = await this.#enter(operation);
      try {
        this.#operations.waitFor(operation, entry.node);
        const lease = await entry.node.writes.lease(operation);
        entry.node.inFlight += 1;
        return writerLease(entry.node, lease, entry.leave);
      } catch (error) {
        entry.leave(false);
        if (DatabaseError.isInstance(error)) {
          this.#counts.refused += 1;
          throw error;
        }
        operation.forgiveLoss();
        if (error instanceof Interrupted && error.interruption !== 'fenced')
          throw interruptedError(error, `waiting for a connection to ${entry.node.name}`);
        if (classifyError(error) === 'denied')
          throw new DatabaseError('UNITE_DB_ACCESS_DENIED', `${entry.node.name}: ${reasonOf(error)}`, {
            cause: error,
          });
        this.#counts.retriedWrites += 1;
        await this.#pause(operation, entry.node);
      } finally {
        this.#operations.stopWaiting(operation);
      }
    }
  }

  /** One statement, committed by itself. @throws CommitUnknownError; DatabaseError; the driver's error */
  async query(statement: Statement, operation: Operation, session: Session): Promise<PgResult> {
    let hasRerouted = false;
    for (let conflicts = 0; ; ) {
      const lease = await this.lease(operation);
      try {
        return await this.#send(lease, statement, operation, session);
      } catch (error) {
        const kind = classifyError(error);
        if (error instanceof Interrupted || DatabaseError.isInstance(error) || isSubmittable(statement.query))
          throw error;
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
  async #send(
    lease: WriterLease,
    statement: Statement,
    operation: Operation,
    session: Session,
  ): Promise<PgResult> {
    const sent = sendPrepared(lease, statement);
    this.#operations.waitFor(operation, lease.node);
    try {
      const result = await operation.race(sent);
      if (operation.message) tell(operation.message, lease.node);
      session.wrote(lease.server.commitsAsynchronously);
      lease.release();
      return result;
    } catch (error) {
      if (error instanceof Interrupted) return await this.#settle(lease, sent, error, session);
      this.#rethrow(error, lease, session);
    } finally {
      this.#operations.stopWaiting(operation);
    }
  }

  /** After an error of the driver: gives the connection back in the right way. */
  #rethrow(error: unknown, lease: WriterLease, session: Session): never {
    const kind = classifyError(error);
    if (kind === 'statement' || kind === 'conflict') {
      lease.release();
      throw error;
    }
    lease.release(error as Error);
    void this.#monitor.suspect(lease.node);
    if (kind !== 'lost') throw error;
    throw this.unknown(lease.node, 'a statement', session, error);
  }

  /** An interrupted statement: the server's verdict on it decides what is told. */
  async #settle(
    lease: WriterLease,
    sent: Promise<PgResult>,
    interrupted: Interrupted,
    session: Session,
  ): Promise<never> {
    if (await isRolledBack(lease.node, lease, sent, interrupted, this.#settings)) {
      lease.release();
      throw interruptedError(interrupted, `a statement on ${lease.node.name} was cancelled`);
    }
    lease.release(interrupted);
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

  async #enter(operation: Operation) {
    try {
      this.#monitor.start();
      const entry = this.#gate.enter(operation);
      return entry instanceof Promise ? await entry : entry;
    } catch (error) {
      throw error instanceof Interrupted ? interruptedError(error, 'waiting for a primary') : error;
    }
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

function tell(message: QueryMessage, node: ClusterNode): void {
  message.node = node.name;
  message.role = 'primary';
}

function writerLease(node: ClusterNode, lease: Lease, leave: (hasSucceeded: boolean) => void): WriterLease {
  let isReleased = false;
  return {
    node,
    client: lease.client,
    server: lease.server,
    get failure() {
      return lease.failure;
    },
    wearOut: lease.wearOut,
    release(error) {
      if (isReleased) return;
      isReleased = true;
      node.inFlight -= 1;
      lease.release(error);
      leave(error === undefined);
    },
  };
}
