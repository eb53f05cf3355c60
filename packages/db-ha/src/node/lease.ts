import { isUnsendable } from '../classify-error';
import type { PgClient, PgPool, PgQueryConfig } from '../driver-types';
import { type Statement, textOf } from '../send';
import { mentionsSynchronousCommit } from '../write/commit';
import { controlsTransaction } from '../write/transaction-words';
import type { ClusterNode } from './cluster-node';
import type { ServerReport } from './server-report';
import type { TransactionStatus } from './transaction-status';

/** What is known of an open connection. */
export interface Connection {
  server: ServerReport;
  expiresAtMs: number;
  failure: Error | undefined;
  isLeased: boolean;
  /** For drivers that do not tell themselves. */
  transactionStatus?: TransactionStatus;
}

/** Takes back what was leased. */
export interface Lender {
  readonly node: ClusterNode;
  /** Whether its connections lead to the node as the primary. */
  readonly isForPrimary: boolean;
  takeBack(lease: Lease, error: Error | undefined): void;
}

/** One connection in the hands of one operation. */
export class Lease {
  readonly client: PgClient;
  readonly connection: Connection;
  readonly #lender: Lender;
  readonly pool: PgPool;
  /** The driver's own, because a borrowed client gets another. */
  readonly giveBack: PgClient['release'];
  /** Hears of the end, with whether it was a good one. */
  onRelease: { leave(hasSucceeded: boolean): void } | undefined = undefined;
  #isReleased = false;

  constructor(client: PgClient, connection: Connection, lender: Lender, pool: PgPool) {
    this.client = client;
    this.connection = connection;
    this.#lender = lender;
    this.pool = pool;
    this.giveBack = client.release;
    connection.isLeased = true;
  }

  get node(): ClusterNode {
    return this.#lender.node;
  }

  get isOnPrimary(): boolean {
    return this.#lender.isForPrimary;
  }

  /** What the server said when the connection was opened. A primary stays one on its timeline until it ends. */
  get server(): ServerReport {
    return this.connection.server;
  }

  /** What the server said of a transaction when it last was ready for a statement. */
  get transactionStatus(): TransactionStatus | undefined {
    return this.client.getTransactionStatus?.() ?? this.connection.transactionStatus;
  }

  get isInTransaction(): boolean {
    const status = this.transactionStatus;
    return status === 'T' || status === 'E';
  }

  /** Why the connection is of no more use, if it is. */
  get failure(): Error | undefined {
    return this.connection.failure;
  }

  /**
   * Notes what a statement may do to the connection: once told not to wait for the log, it may do so for
   * whoever uses it next, too.
   */
  note(query: unknown, values: readonly unknown[] | undefined): void {
    const { text, values: own } = (
      typeof query === 'string' ? { text: query } : query
    ) as Partial<PgQueryConfig>;
    if (mentionsSynchronousCommit(text, values ?? own))
      this.connection.server = { ...this.connection.server, commitsAsynchronously: true };
  }

  /** Lets this be the connection's last use. */
  wearOut(): void {
    this.connection.expiresAtMs = 0;
  }

  /**
   * Gives it back. With an error it is closed, and so is one that is left inside a transaction: whatever its
   * next user wrote would never be committed. Further calls do nothing.
   */
  release(error?: Error): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.connection.isLeased = false;
    const isOpen = error === undefined && this.isInTransaction;
    this.#lender.takeBack(this, isOpen ? new Error('released inside a transaction') : error);
    this.onRelease?.leave(error === undefined);
  }

  /**
   * Gives it back after the server's word against a statement, which comes before it says whether a transaction
   * is open now: a text that began one is the end of its connection. So is a statement that the driver refused,
   * which is not ready for the next one yet.
   */
  releaseAfter(error: Error, query: Statement['query']): void {
    this.release(isUnsendable(error) || controlsTransaction(textOf(query)) ? error : undefined);
  }
}
