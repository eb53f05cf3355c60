import type { Clock } from '@unite/core';
import type { PgClient, PgPool } from '../driver-types';
import { hangUp } from './hang-up';
import { askServer, type ServerReport } from './server-report';

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
  #pool: PgPool | undefined;
  #client: PgClient | undefined;
  /** Questions follow one another on the one connection. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #disposed = new WeakSet<PgClient>();
  #isClosed = false;

  constructor(createPool: () => PgPool, clock: Clock) {
    this.#createPool = createPool;
    this.#clock = clock;
  }

  /** Asks over the kept connection and over a new one. Rejects when neither answers in time. */
  async probe(timeoutMs: number): Promise<ProbeResult> {
    const kept = this.#client && this.ask(askServer, timeoutMs);
    const opening = this.#open();
    const [onKept, onFresh] = await Promise.allSettled([kept, this.#within(timeoutMs, opening)]);
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
      const client = this.#client ?? this.#keep((await this.#open()).client);
      // Whoever asked has gone, and the next one may be asking already.
      if (isLate) throw new Error('too late');
      return question(client);
    });
    const answered = this.#within(timeoutMs, asked);
    this.#turn = answered.catch(() => {
      isLate = true;
      this.#drop();
    });
    return answered;
  }

  /** Lets the questions under way have their answers first: one may be the cancelling of a statement. */
  async close(timeoutMs: number): Promise<void> {
    await this.#within(timeoutMs, this.#turn).catch(() => undefined);
    this.#isClosed = true;
    this.#drop();
    this.#pool?.end().catch(() => undefined);
    this.#pool = undefined;
  }

  async #open(): Promise<{ client: PgClient; report: ServerReport }> {
    if (this.#isClosed) throw new Error('closed');
    this.#pool ??= this.#createPool();
    const client = await connect(this.#pool);
    client.on('error', () => this.#dispose(client));
    try {
      return { client, report: await askServer(client) };
    } catch (error) {
      this.#dispose(client);
      throw error;
    }
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

  async #within<Answer>(timeoutMs: number, work: Promise<Answer>): Promise<Answer> {
    const timer = new AbortController();
    try {
      return await Promise.race([work, this.#timeout(timeoutMs, timer.signal)]);
    } finally {
      timer.abort();
    }
  }

  async #timeout(timeoutMs: number, signal: AbortSignal): Promise<never> {
    await this.#clock.sleep(timeoutMs, signal);
    // A blocked event loop runs its timers first: answers that already lie in the sockets get their turn.
    await new Promise((resolve) => setImmediate(resolve));
    throw new Error(`no answer within ${timeoutMs} ms`);
  }
}

function connect(pool: PgPool): Promise<PgClient> {
  return new Promise((resolve, reject) => {
    pool.connect((error, client) => (client ? resolve(client) : reject(error)));
  });
}
