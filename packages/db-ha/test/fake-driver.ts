import { EventEmitter } from 'node:events';
import type { PgClient, PgPool, PgPoolConfig, PgPoolConstructor, PgResult } from '../src/driver-types';
import { formatLsn } from '../src/lsn';

/** What a server says to a message: one result, one for each statement in it, or an error. */
export type Answer = Partial<PgResult> | readonly Partial<PgResult>[] | Error;

/**
 * A fake server and a fake driver, both in memory: for what a real server cannot be made to do on the spot,
 * such as to hang between two messages. What PostgreSQL itself does is tested on PostgreSQL.
 */
export class FakeServer {
  systemId = '7000000000000000001';
  isReplica = false;
  timeline = 1;
  lsn = 0x3000000n;
  insertLsn = 0x3000000n;
  isReceiving = true;
  startedAt = '2026-01-01 00:00:00+00';
  commitsAsynchronously = false;
  /** Refuses connections with this. */
  refusal: Error | undefined;
  /** Where new connections and questions get stuck. */
  hangs: 'nowhere' | 'connecting' | 'answering' = 'nowhere';
  /** What `pool.connect` itself throws, as `pg` does for a certificate file that cannot be read. */
  thrown: Error | undefined;
  /** Answers for statements other than the question who the server is. */
  answer: (text: string, values: unknown[] | undefined) => Answer | Promise<Answer> = () => ({});
  readonly statements: string[] = [];
  readonly pools: FakePool[] = [];
  readonly configs: PgPoolConfig[] = [];
  readonly open = new Set<FakeClient>();
  connects = 0;
  #stuck: (() => void)[] = [];
  #pids = 0;

  constructor(says: Partial<Pick<FakeServer, 'isReplica' | 'timeline' | 'lsn' | 'systemId'>> = {}) {
    Object.assign(this, says);
  }

  /** Goes on with all that hangs. */
  thaw(): void {
    this.hangs = 'nowhere';
    for (const goOn of this.#stuck.splice(0)) goOn();
  }

  /** Breaks every connection. */
  crash(error: Error = new Error('Connection terminated unexpectedly')): void {
    for (const client of [...this.open]) client.breakOff(error);
  }

  stick(goOn: () => void): void {
    this.#stuck.push(goOn);
  }

  nextPid(): number {
    this.#pids += 1;
    return this.#pids;
  }

  reply(text: string, values: unknown[] | undefined, pid: number): Answer | Promise<Answer> {
    return text.includes('pg_control_system') ? this.#identity(pid) : this.answer(text, values);
  }

  #identity(pid: number): Partial<PgResult> {
    const row = {
      system_id: this.systemId,
      is_replica: this.isReplica,
      lsn: formatLsn(this.lsn),
      insert_lsn: this.isReplica ? null : formatLsn(this.insertLsn),
      timeline: this.timeline,
      is_receiving: this.isReplica && this.isReceiving,
      started_at: this.startedAt,
      backend_pid: pid,
      server_version: 180_000,
      commits_asynchronously: this.commitsAsynchronously,
      wal_segment_bytes: '16777216',
    };
    return { rows: [row], rowCount: 1, command: 'SELECT' };
  }
}

type QueryCallback = (error: Error | null, result?: PgResult) => void;

export class FakeClient extends EventEmitter implements PgClient {
  readonly connection = { stream: { destroy: () => this.breakOff(new Error('hung up')) } };
  readonly pid: number;
  readonly #pool: FakePool;
  readonly #failing = new Set<(error: Error) => void>();
  #status: 'I' | 'T' | 'E' = 'I';
  isOpen = true;

  constructor(pool: FakePool) {
    super();
    this.#pool = pool;
    this.pid = pool.server.nextPid();
    pool.server.open.add(this);
  }

  query(
    query: string | { readonly text: string },
    values?: unknown[],
    callback?: QueryCallback,
  ): Promise<PgResult> {
    const result = this.#run(typeof query === 'string' ? query : query.text, values);
    if (callback)
      result.then(
        (answer) => callback(null, answer),
        (error: Error) => callback(error),
      );
    return result;
  }

  release: PgClient['release'] = () => undefined;

  getTransactionStatus(): 'I' | 'T' | 'E' {
    return this.#status;
  }

  breakOff(error: Error): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#pool.server.open.delete(this);
    this.#pool.forget(this);
    for (const fail of this.#failing) fail(error);
    // As in `pg`: nobody has to listen to the end of a connection that was given back.
    if (this.listenerCount('error') > 0) this.emit('error', error);
    this.emit('end');
  }

  #run(text: string, values: unknown[] | undefined): Promise<PgResult> {
    const { server } = this.#pool;
    if (!this.isOpen)
      return Promise.reject(new Error('Client has encountered a connection error and is not queryable'));
    server.statements.push(text);
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => {
        this.#failing.delete(fail);
        reject(error);
      };
      this.#failing.add(fail);
      const deliver = (answer: Answer) => {
        if (!this.#failing.delete(fail)) return;
        this.#follow(text, answer);
        if (answer instanceof Error) reject(answer);
        // As in `pg`, a message of several statements has an array of results.
        else if (Array.isArray(answer)) resolve(answer.map(wholeResult) as never);
        else resolve(wholeResult(answer as Partial<PgResult>));
      };
      const goOn = () => {
        if (!this.#failing.has(fail)) return;
        const answer = server.reply(text, values, this.pid);
        if (answer instanceof Promise) answer.then(deliver, fail);
        else deliver(answer);
      };
      if (server.hangs === 'answering') server.stick(goOn);
      else goOn();
    });
  }

  /** Follows the transaction, as the driver does by what the server says after each message. */
  #follow(text: string, answer: Answer): void {
    if (answer instanceof Error) this.#status = this.#status === 'I' ? 'I' : 'E';
    else if (/^BEGIN/i.test(text)) this.#status = 'T';
    else if (/^(COMMIT|END|ROLLBACK)/i.test(text)) this.#status = 'I';
  }
}

function wholeResult(result: Partial<PgResult>): PgResult {
  return { rows: [], rowCount: 0, command: '', ...result };
}

export class FakePool extends EventEmitter implements PgPool {
  readonly server: FakeServer;
  readonly clients = new Set<FakeClient>();
  readonly #idle = new Set<FakeClient>();
  isEnded = false;
  readonly waitingCount = 0;

  constructor(server: FakeServer) {
    super();
    this.server = server;
    server.pools.push(this);
  }

  get totalCount(): number {
    return this.clients.size;
  }

  get idleCount(): number {
    return this.#idle.size;
  }

  connect(callback: (error: Error | undefined, client: PgClient | undefined) => void): void {
    const { server } = this;
    if (server.thrown) throw server.thrown;
    const goOn = () => {
      const { refusal } = server;
      callback(refusal, refusal ? undefined : this.#lend());
    };
    if (server.hangs === 'connecting') server.stick(goOn);
    else queueMicrotask(goOn);
  }

  async end(): Promise<void> {
    this.isEnded = true;
    for (const client of [...this.#idle]) this.#close(client);
  }

  forget(client: FakeClient): void {
    this.#idle.delete(client);
    this.clients.delete(client);
  }

  #lend(): FakeClient {
    const [idle] = this.#idle;
    const client = idle ?? this.#create();
    this.#idle.delete(client);
    let isReleased = false;
    client.release = (error) => {
      if (isReleased)
        throw new Error('Release called on client which has already been released to the pool.');
      isReleased = true;
      this.emit('release', error, client);
      if (error || this.isEnded || !client.isOpen) this.#close(client);
      else this.#idle.add(client);
    };
    if (!idle) this.emit('connect', client);
    this.emit('acquire', client);
    return client;
  }

  #create(): FakeClient {
    this.server.connects += 1;
    const client = new FakeClient(this);
    this.clients.add(client);
    return client;
  }

  #close(client: FakeClient): void {
    this.forget(client);
    // A polite goodbye: a server that answers nothing leaves the connection open.
    if (this.server.hangs !== 'answering') client.breakOff(new Error('said goodbye'));
    this.emit('remove', client);
  }
}

/** A driver whose pools lead to the servers, by the host of their URLs. */
export function fakeDriver(servers: Readonly<Record<string, FakeServer>>): PgPoolConstructor {
  return class extends FakePool {
    constructor(config: PgPoolConfig) {
      const server = servers[new URL(config.connectionString).hostname];
      if (!server) throw new Error(`no fake server for ${config.connectionString}`);
      super(server);
      server.configs.push(config);
    }
  };
}

/** An error as a server sends it. */
export function serverError(code: string, message = 'said the server', severity = 'ERROR'): Error {
  return Object.assign(new Error(message), { code, severity });
}
