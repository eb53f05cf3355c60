import type { Clock } from '@unite/core';
import type { PgClient, PgPool } from '../driver-types';
import type { Operation } from '../operation';
import type { ClusterNode } from './cluster-node';
import { hangUp } from './hang-up';
import { type Connection, Lease, type Lender } from './lease';
import { Permits } from './permits';
import { askServer, type ServerReport } from './server-report';
import { followTransactionStatus } from './transaction-status';
import { within } from './within';

/** Options of {@link Connections}. */
export interface ConnectionsOptions {
  readonly node: ClusterNode;
  readonly purpose: 'write' | 'read' | 'read on primary';
  readonly max: number;
  readonly maxWaiting: number;
  /** A server may take connections and say nothing on them, as a pooler does whose server is gone. */
  readonly connectTimeoutMs: number;
  readonly maxLifetimeMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  /** Makes a pool of the driver. */
  readonly createPool: () => PgPool;
  /**
   * Refuses a server that a new connection must not be used with, by throwing. Each one is asked before its
   * first statement: what listens at an address can have changed since it was last looked at.
   */
  readonly verify: (server: ServerReport) => void;
}

/** The connections of one node for one purpose. Opened when first needed. */
export class Connections implements Lender {
  readonly #options: ConnectionsOptions;
  readonly #known = new Map<PgClient, Connection>();
  readonly permits: Permits;
  /** Connections in use. */
  inUse = 0;
  #pool: PgPool | undefined;
  #onPool: ((pool: PgPool) => void) | undefined;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.permits = new Permits(options.max, options.maxWaiting, `${options.node.name} (${options.purpose})`);
  }

  get node(): ClusterNode {
    return this.#options.node;
  }

  get isForPrimary(): boolean {
    return this.#options.purpose !== 'read';
  }

  get total(): number {
    return this.#pool?.totalCount ?? 0;
  }

  get idle(): number {
    return this.#pool?.idleCount ?? 0;
  }

  /** Hears of every pool of the driver that is made. */
  onPool(listener: (pool: PgPool) => void): void {
    this.#onPool = listener;
  }

  /**
   * A connection to use. Nothing has been sent on it when this fails.
   *
   * @throws DatabaseError `UNITE_DB_QUEUE_FULL`; Interrupted; what the driver or `verify` throws
   */
  lease(operation: Operation): Promise<Lease> {
    const wait = this.permits.acquire(operation);
    return wait ? wait.then(() => this.#take(operation)) : this.#take(operation);
  }

  takeBack({ client, connection, giveBack, pool }: Lease, error: Error | undefined): void {
    this.inUse -= 1;
    const isWornOut = pool !== this.#pool || this.#options.clock.monotonicMs() >= connection.expiresAtMs;
    giveBack.call(client, error ?? connection.failure ?? isWornOut);
    if (error) hangUp(client);
    this.permits.release();
  }

  /** Drops every connection: idle ones now, the others when they come back. New ones are opened when needed. */
  retire(): void {
    const pool = this.#pool;
    this.#pool = undefined;
    pool?.end().catch(() => undefined);
    for (const [client, { isLeased }] of this.#known) if (!isLeased) hangUp(client);
  }

  /** Ends every connection at once, those in use too: nothing more may reach the server. */
  cutOff(reason: Error): void {
    const connections = [...this.#known];
    this.retire();
    for (const [client, connection] of connections) {
      connection.failure ??= reason;
      hangUp(client);
    }
  }

  /** Says goodbye to every connection, and hangs up where that is not answered in time. */
  async close(timeoutMs: number): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    const timer = new AbortController();
    const goodbye = pool?.end().catch(() => undefined);
    await Promise.race([goodbye, this.#options.clock.sleep(timeoutMs, timer.signal).catch(() => undefined)]);
    timer.abort();
    for (const client of this.#known.keys()) hangUp(client);
  }

  #take(operation: Operation): Promise<Lease> {
    // Whoever gave up does not wait for the connection, which goes back by itself.
    return operation.await<Lease>(
      (resolve, reject) => this.#connect(resolve, reject),
      (lease) => lease.release(),
    );
  }

  #open(): PgPool {
    const pool = this.#options.createPool();
    // An idle connection that breaks is dropped by the pool; without a listener it would end the process.
    pool.on('error', () => undefined);
    this.#onPool?.(pool);
    return pool;
  }

  #connect(resolve: (lease: Lease) => void, reject: (error: unknown) => void): void {
    const fail = (error: unknown) => {
      this.permits.release();
      reject(error);
    };
    try {
      this.#pool ??= this.#open();
      const pool = this.#pool;
      pool.connect((error, client) => {
        const connection = client && this.#known.get(client);
        if (connection && !connection.failure) resolve(this.#lend(pool, client, connection));
        else if (client) this.#renew(pool, client, connection).then(resolve, reject);
        else fail(error);
      });
    } catch (error) {
      // `pg` throws for a certificate that cannot be read.
      fail(error);
    }
  }

  /** The long way: a connection that is new, or that broke between two uses, when nothing was sent on it. */
  async #renew(pool: PgPool, client: PgClient, connection: Connection | undefined): Promise<Lease> {
    if (connection) {
      client.release(connection.failure);
      return new Promise((resolve, reject) => this.#connect(resolve, reject));
    }
    try {
      return this.#lend(pool, client, await this.#meet(client));
    } catch (error) {
      this.permits.release();
      throw error;
    }
  }

  #lend(pool: PgPool, client: PgClient, connection: Connection): Lease {
    this.inUse += 1;
    return new Lease(client, connection, this, pool);
  }

  /** The first thing on a new connection. */
  async #meet(client: PgClient): Promise<Connection> {
    const { clock, random, connectTimeoutMs, maxLifetimeMs, verify } = this.#options;
    let connection: Connection | undefined;
    let failure: Error | undefined;
    // For the connection's whole life: between two statements of a transaction nobody else listens.
    client.on('error', (error) => {
      failure ??= error;
      if (connection) connection.failure ??= error;
    });
    try {
      const server = await within(clock, connectTimeoutMs, askServer(client));
      verify(server);
      const lifetimeMs = maxLifetimeMs * (0.8 + 0.4 * random());
      connection = { server, expiresAtMs: clock.monotonicMs() + lifetimeMs, failure, isLeased: false };
      this.#known.set(client, connection);
      client.on('end', () => this.#known.delete(client));
      const known = connection;
      followTransactionStatus(client, (status) => {
        known.transactionStatus = status;
      });
      return connection;
    } catch (error) {
      client.release(true);
      hangUp(client);
      throw error;
    }
  }
}
