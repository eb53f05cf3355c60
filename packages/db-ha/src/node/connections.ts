import type { Clock } from '@unite/core';
import type { PgClient, PgPool } from '../driver-types';
import type { Operation } from '../operation';
import { hangUp } from './hang-up';
import { Permits } from './permits';
import { askServer, type ServerReport } from './server-report';

/** One connection in the hands of one operation. */
export interface Lease {
  readonly client: PgClient;
  /** What the server said when the connection was opened. A primary stays one on its timeline until it ends. */
  readonly server: ServerReport;
  /** Why the connection is of no more use, if it is. */
  readonly failure: Error | undefined;
  /** Lets this be the connection's last use. */
  wearOut(): void;
  /** Gives it back; with an error it is closed. Further calls do nothing. */
  release(error?: Error): void;
}

/** What is known of an open connection. */
interface Connection {
  readonly server: ServerReport;
  expiresAtMs: number;
  failure: Error | undefined;
  isLeased: boolean;
}

/** Options of {@link Connections}. */
export interface ConnectionsOptions {
  /** For errors, such as `writes on replica_1`. */
  readonly what: string;
  readonly max: number;
  readonly maxWaiting: number;
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
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #known = new Map<PgClient, Connection>();
  readonly permits: Permits;
  #pool: PgPool | undefined;
  #onPool: ((pool: PgPool) => void) | undefined;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.permits = new Permits(options.max, options.maxWaiting, options.what);
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
  async lease(operation: Operation): Promise<Lease> {
    const wait = this.permits.acquire(operation);
    if (wait) await wait;
    const opening = this.#connect();
    try {
      return await operation.race(opening);
    } catch (error) {
      // Whoever gave up does not wait for the connection, which comes back by itself.
      void opening.then(
        (lease) => lease.release(),
        () => this.permits.release(),
      );
      throw error;
    }
  }

  /** Drops every connection: idle ones now, the others when they come back. New ones are opened when needed. */
  retire(): void {
    const pool = this.#pool;
    this.#pool = undefined;
    pool?.end().catch(() => undefined);
    for (const [client, { isLeased }] of this.#known) if (!isLeased) hangUp(client);
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

  #open(): PgPool {
    const pool = this.#options.createPool();
    // An idle connection that breaks is dropped by the pool; without a listener it would end the process.
    pool.on('error', () => undefined);
    this.#onPool?.(pool);
    return pool;
  }

  async #connect(): Promise<Lease> {
    this.#pool ??= this.#open();
    const pool = this.#pool;
    for (;;) {
      const client = await pool.connect();
      const connection = this.#known.get(client) ?? (await this.#meet(client));
      if (!connection.failure) return this.#leaseOf(pool, client, connection);
      // It broke between two uses, and nothing was sent on it.
      client.release(connection.failure);
    }
  }

  /** The first thing on a new connection. */
  async #meet(client: PgClient): Promise<Connection> {
    const { clock, random, maxLifetimeMs, verify } = this.#options;
    let connection: Connection | undefined;
    let failure: Error | undefined;
    // For the connection's whole life: between two statements of a transaction nobody else listens.
    client.on('error', (error) => {
      failure ??= error;
      if (connection) connection.failure ??= error;
    });
    try {
      const server = await askServer(client);
      verify(server);
      const lifetimeMs = maxLifetimeMs * (0.8 + 0.4 * random());
      connection = { server, expiresAtMs: clock.monotonicMs() + lifetimeMs, failure, isLeased: false };
      this.#known.set(client, connection);
      client.on('end', () => this.#known.delete(client));
      return connection;
    } catch (error) {
      client.release(true);
      hangUp(client);
      throw error;
    }
  }

  #leaseOf(pool: PgPool, client: PgClient, connection: Connection): Lease {
    const { clock } = this.#options;
    const { permits } = this;
    const isCurrent = () => this.#pool === pool;
    // Kept, because a borrowed client gets a release of its own.
    const giveBack = client.release;
    let isReleased = false;
    connection.isLeased = true;
    return {
      client,
      server: connection.server,
      get failure() {
        return connection.failure;
      },
      wearOut() {
        connection.expiresAtMs = 0;
      },
      release(error) {
        if (isReleased) return;
        isReleased = true;
        connection.isLeased = false;
        const isWornOut = !isCurrent() || clock.monotonicMs() >= connection.expiresAtMs;
        giveBack.call(client, error ?? connection.failure ?? isWornOut);
        if (error) hangUp(client);
        permits.release();
      },
    };
  }
}
