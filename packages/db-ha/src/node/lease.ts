import type { PgClient, PgPool, PgQueryConfig } from '../driver-types';
import { mentionsSynchronousCommit } from '../write/commit';
import type { ClusterNode } from './cluster-node';
import type { ServerReport } from './server-report';

/** What is known of an open connection. */
export interface Connection {
  server: ServerReport;
  expiresAtMs: number;
  failure: Error | undefined;
  isLeased: boolean;
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

  /** Gives it back; with an error it is closed. Further calls do nothing. */
  release(error?: Error): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.connection.isLeased = false;
    this.#lender.takeBack(this, error);
    this.onRelease?.leave(error === undefined);
  }
}
