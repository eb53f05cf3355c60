import type { Clock } from '@unite/core';
import type { PgClient, PgPool } from '../driver-types';
import { hangUp } from './hang-up';
import { askServer, type ServerReport } from './server-report';
import { within } from './within';

/** What a probe found. */
export interface ProbeResult {
  readonly report: ServerReport;
  /** Whether the server also takes new connections: a stopped postmaster leaves the old ones alive. `undefined`: not tried. */
  readonly acceptsConnections: boolean | undefined;
}

/**
 * The connection over which a node is asked about itself, apart from those of the application, so that a
 * question never waits for a query.
 */
export class ControlConnection {
  readonly #createPool: () => PgPool;
  readonly #clock: Clock;
  readonly #onBreak: () => void;
  #pool: PgPool | undefined;
  #client: PgClient | undefined;
  /** Questions follow one another on the one connection. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #disposed = new WeakSet<PgClient>();
  #isClosed = false;

  /** @param onBreak hears that the server, or the way to it, ended a connection */
  constructor(createPool: () => PgPool, clock: Clock, onBreak: () => void) {
    this.#createPool = createPool;
    this.#clock = clock;
    this.#onBreak = onBreak;
  }

  /** Asks over the kept connection and over a new one. Rejects when neither answers in time. */
  async probe(timeoutMs: number): Promise<ProbeResult> {
    const kept = this.#client && this.ask(askServer, timeoutMs);
    const opening = this.#open(timeoutMs);
    const [onKept, onFresh] = await Promise.allSettled([kept, within(this.#clock, timeoutMs, opening)]);
    if (onFresh.status === 'fulfilled') {
      this.#keep(onFresh.value.client);
    } else {
      opening.then(({ client }) => this.#dispose(client)).catch(() => undefined);
    }
    const acceptsConnections = onFresh.status === 'fulfilled';
    if (onKept.status === 'fulfilled' && onKept.value) return { report: onKept.value, acceptsConnections };
    if (acceptsConnections) return { report: onFresh.value.report, acceptsConnections };
    throw onFresh.reason;
  }

  /** The same over the kept connection alone, if there is one: cheap enough to be repeated quickly. */
  async probeQuickly(timeoutMs: number): Promise<ProbeResult> {
    return { report: await this.ask(askServer, timeoutMs), acceptsConnections: undefined };
  }

  /** One question over the kept connection, which is opened when there is none and dropped when it fails. */
  ask<Answer>(question: (client: PgClient) => Promise<Answer>, timeoutMs: number): Promise<Answer> {
    let isLate = false;
    const asked = this.#turn.then(async () => {
      const client = this.#client ?? this.#keep((await this.#open(timeoutMs)).client);
      // Whoever asked has gone, and the next one may be asking already.
      if (isLate) throw new Error('too late');
      return question(client);
    });
    const answered = within(this.#clock, timeoutMs, asked);
    this.#turn = answered.catch(() => {
      isLate = true;
      this.#drop();
    });
    return answered;
  }

  /** Lets the questions under way have their answers first: one may be the cancelling of a statement. */
  async close(timeoutMs: number): Promise<void> {
    await within(this.#clock, timeoutMs, this.#turn).catch(() => undefined);
    this.#isClosed = true;
    this.#drop();
    this.#pool?.end().catch(() => undefined);
    this.#pool = undefined;
  }

  /** A connection that answers. One that does not is given up: behind a pooler it may be silent for minutes. */
  async #open(timeoutMs: number): Promise<{ client: PgClient; report: ServerReport }> {
    if (this.#isClosed) throw new Error('closed');
    this.#pool ??= this.#createPool();
    const client = await this.#connect(this.#pool);
    try {
      return { client, report: await within(this.#clock, timeoutMs, askServer(client)) };
    } catch (error) {
      this.#dispose(client);
      throw error;
    }
  }

  #connect(pool: PgPool): Promise<PgClient> {
    return new Promise((resolve, reject) => {
      pool.connect((error, client) => {
        if (!client) return reject(error);
        // Now and not after a promise: the end of the connection can be in the same packet as its beginning, and
        // an error that nobody listens to ends the process.
        client.on('error', () => {
          this.#onBreak();
          this.#dispose(client);
        });
        resolve(client);
      });
    });
  }

  /** Keeps one connection, the first; every other one has served its purpose. */
  #keep(client: PgClient): PgClient {
    if (this.#client || this.#isClosed) this.#dispose(client);
    else if (!this.#disposed.has(client)) this.#client = client;
    return this.#client ?? client;
  }

  #drop(): void {
    if (this.#client) this.#dispose(this.#client);
  }

  #dispose(client: PgClient): void {
    if (this.#disposed.has(client)) return;
    this.#disposed.add(client);
    if (this.#client === client) this.#client = undefined;
    client.release(true);
    hangUp(client);
  }
}
