import { addressOf, type NodeAddress } from '../check-cluster-options';
import type { PgPool, PgPoolConfig } from '../driver-types';
import type { Settings } from '../settings';
import type { NodeOptions } from '../types';
import { Breaker } from './breaker';
import { Connections, type ConnectionsOptions } from './connections';
import { ControlConnection } from './control-connection';
import { Latency } from './latency';
import { ReplayPosition } from './replay-position';
import type { ServerReport } from './server-report';

/** What a node last said, or why it says nothing. */
export type Observation =
  | { readonly isUp: true; readonly report: ServerReport; readonly acceptsConnections: boolean }
  | { readonly isUp: false; readonly error: unknown };

/** One server: its connections and what is known of it. Whether it may be used is the topology's to say. */
export class ClusterNode {
  readonly options: NodeOptions;
  readonly name: string;
  readonly address: NodeAddress;
  readonly writes: Connections;
  readonly reads: Connections;
  /** Reads while this node is the primary: few, so that they leave it to the writes. */
  readonly readsOnPrimary: Connections;
  readonly control: ControlConnection;
  readonly latency = new Latency();
  readonly breaker = new Breaker();
  readonly replay: ReplayPosition;
  observation: Observation | undefined;
  /** Whether it was ever a member: one that never was and belongs to another cluster is a mistake in the options. */
  hasBelonged = false;
  /** When the primary was where this replica is now, on the monotonic clock. */
  caughtUpAtMs: number | undefined;
  /** When it last answered, since the epoch. */
  seenAtMs: number | undefined;
  /** When a read was lost with its connection, on the monotonic clock, unless it has been asked how it is since. */
  #doubtedAtMs: number | undefined;

  /**
   * @param verify refuses a server that a new connection must not be used with
   * @param look asks it for its position
   */
  constructor(
    options: NodeOptions,
    settings: Settings,
    verify: (purpose: 'write' | 'read', server: ServerReport) => void,
    look: () => Promise<unknown>,
  ) {
    this.options = options;
    this.address = addressOf(options.url) as NodeAddress;
    this.name = options.name ?? `${this.address.host}:${this.address.port}`;
    const connections = (purpose: ConnectionsOptions['purpose'], max: number) =>
      new Connections({
        node: this,
        purpose,
        max,
        maxWaiting: settings.maxWaitingForConnection,
        connectTimeoutMs: settings.connectTimeoutMs,
        maxLifetimeMs: settings.maxLifetimeMs,
        clock: settings.clock,
        random: settings.random,
        createPool: () => new settings.Pool(poolConfig(options, settings, purpose, max)),
        verify: (server) => verify(purpose === 'write' ? 'write' : 'read', server),
      });
    this.writes = connections('write', settings.max);
    this.reads = connections('read', settings.max);
    this.readsOnPrimary = connections('read on primary', settings.maxForReadsOnPrimary);
    const createPool = () => controlPool(options, settings);
    // A crash of the server's processes breaks every connection, keeps the server's start, and can set replay back.
    this.control = new ControlConnection(createPool, settings.clock, () => this.replay.forget());
    this.replay = new ReplayPosition(settings.clock, look);
  }

  /** Connections that are in use, and so about the queries that it is answering for us. */
  get inFlight(): number {
    return this.writes.inUse + this.reads.inUse + this.readsOnPrimary.inUse;
  }

  /**
   * Whether it may be read as well as others. While it dies its connections break one by one, and a caller who tries
   * again would meet one after the other: none is used before it has been asked.
   */
  takesReads(nowMs: number): boolean {
    return !this.isInDoubt && this.breaker.allows(this.inFlight, nowMs);
  }

  get isInDoubt(): boolean {
    return this.#doubtedAtMs !== undefined;
  }

  /** A read on it was lost with its connection, or found none that may be used. */
  lostRead(nowMs: number): void {
    this.#doubtedAtMs = nowMs;
    this.breaker.failure(nowMs);
  }

  /** It was asked how it is. What was asked before the loss says nothing of it. */
  wasAsked(askedAtMs: number): void {
    if (this.#doubtedAtMs !== undefined && askedAtMs >= this.#doubtedAtMs) this.#doubtedAtMs = undefined;
  }

  /** What it last said, if it is up. */
  get report(): ServerReport | undefined {
    return this.observation?.isUp ? this.observation.report : undefined;
  }

  /** Lets go of the idle connections; what is under way may still end well. */
  retire(): void {
    for (const connections of [this.writes, this.reads, this.readsOnPrimary]) connections.retire();
  }

  /** Lets go of all connections: a server that was replaced must hear nothing more, no commit above all. */
  cutOff(reason: Error): void {
    for (const connections of [this.writes, this.reads, this.readsOnPrimary]) connections.cutOff(reason);
  }

  async close(timeoutMs: number): Promise<void> {
    await Promise.all(
      [this.control, this.writes, this.reads, this.readsOnPrimary].map((each) => each.close(timeoutMs)),
    );
  }
}

function poolConfig(
  options: NodeOptions,
  settings: Settings,
  purpose: ConnectionsOptions['purpose'],
  max: number,
): PgPoolConfig {
  return {
    ...baseConfig(options, settings, settings.connectTimeoutMs),
    max,
    idleTimeoutMillis: settings.idleTimeoutMs,
    // A pooler in transaction mode refuses a session's settings at the start, and would share later ones.
    ...(options.pooler !== 'transaction' && {
      idle_in_transaction_session_timeout: settings.idleInTransactionTimeoutMs,
      ...(settings.statementTimeoutMs !== undefined && { statement_timeout: settings.statementTimeoutMs }),
      // A replica takes no writes anyway. The primary must not either, or code that writes by mistake would
      // work until the day the replicas are back.
      ...(purpose !== 'write' && readOnly(options.url)),
    }),
  };
}

/** What a URL says wins over the configuration in `pg`, so its own options are moved. */
function readOnly(url: string): Pick<PgPoolConfig, 'connectionString' | 'options'> {
  const setting = '-c default_transaction_read_only=on';
  const parsed = new URL(url);
  const given = parsed.searchParams.get('options');
  if (given === null) return { connectionString: url, options: setting };
  parsed.searchParams.delete('options');
  return { connectionString: parsed.href, options: `${given} ${setting}` };
}

/** One connection is kept; another is opened to see whether that works, and one may be on its way out. */
function controlPool(options: NodeOptions, settings: Settings): PgPool {
  const pool = new settings.Pool({
    ...baseConfig(options, settings, settings.probeTimeoutMs),
    max: 3,
    idleTimeoutMillis: settings.idleTimeoutMs,
  });
  pool.on('error', () => undefined);
  return pool;
}

function baseConfig(
  { url }: NodeOptions,
  { applicationName, ssl }: Settings,
  connectionTimeoutMillis: number,
): Omit<PgPoolConfig, 'max' | 'idleTimeoutMillis'> {
  return {
    connectionString: url,
    connectionTimeoutMillis,
    // Without it a connection whose other end vanished without a word is found out after hours.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...(!new URL(url).searchParams.has('application_name') && { application_name: applicationName }),
    ...(ssl !== undefined && { ssl }),
  };
}
