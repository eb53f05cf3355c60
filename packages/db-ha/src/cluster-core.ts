import type { CloseOptions } from '@unite/core';
import { observe } from '@unite/shared';
import { borrowClient } from './borrow-client';
import type { ChangeMessage, QueryMessage, TransactionMessage } from './channel-types';
import { changeChannel, queryChannel, transactionChannel } from './channels';
import { isServerError } from './classify-error';
import { newCounts } from './counts';
import { describeStatus } from './describe-status';
import type { PgClient, PgResult } from './driver-types';
import { CommitUnknownError, DatabaseError } from './errors';
import { interruptedError } from './interrupted-error';
import { ClusterNode } from './node/cluster-node';
import type { Lease } from './node/lease';
import { Interrupted, type Operation } from './operation';
import { Operations } from './operations';
import { ReadPosition } from './read/read-position';
import { Reader } from './read/reader';
import type { Statement } from './send';
import { Sessions } from './session/sessions';
import { WritePosition } from './session/write-position';
import type { Settings } from './settings';
import type { ClusterStatus } from './status-types';
import { Discovery } from './topology/discovery';
import { Monitor } from './topology/monitor';
import { Topology, type TopologyChange } from './topology/topology';
import type {
  CloseReport,
  ClusterOptions,
  ConsistencyToken,
  ReadOptions,
  Transaction,
  TransactionOptions,
} from './types';
import { Transactor } from './write/transactor';
import { Writer } from './write/writer';
import { WriterGate } from './write/writer-gate';

const defaultCloseTimeoutMs = 10_000;
/** Connections that nobody uses say goodbye within this long, or are hung up. */
const goodbyeMs = 1_000;

/** Everything a cluster does, put together; the pools that applications hold are thin views of it. */
export class ClusterCore {
  readonly settings: Settings;
  readonly #topology: Topology;
  readonly #monitor: Monitor;
  readonly #discovery: Discovery | undefined;
  readonly #operations: Operations;
  readonly #gate: WriterGate;
  readonly #writer: Writer;
  readonly #transactor: Transactor;
  readonly #reader: Reader;
  readonly #position: ReadPosition;
  readonly #sessions: Sessions;
  readonly #counts = newCounts();
  /** Outlasts the time without a primary. */
  #lastWriter: ClusterNode | undefined;
  #closing: Promise<CloseReport> | undefined;

  /** @param onNode hears of every node before anything is sent to it */
  constructor(nodes: ClusterOptions['nodes'], settings: Settings, onNode: (node: ClusterNode) => void) {
    this.settings = settings;
    const { clock } = settings;
    const createNode = (options: ClusterNode['options']) => {
      const node: ClusterNode = new ClusterNode(
        options,
        settings,
        (purpose, server) => this.#topology.verify(node, purpose, server),
        () => this.#monitor.lookAt(node),
      );
      onNode(node);
      return node;
    };
    const isFixed = 'length' in nodes;
    this.#topology = new Topology(isFixed ? nodes.map(createNode) : [], settings, (change) =>
      this.#changed(change),
    );
    this.#monitor = new Monitor(this.#topology, settings);
    this.#discovery = isFixed
      ? undefined
      : new Discovery(nodes, createNode, this.#topology, this.#monitor, settings);
    this.#operations = new Operations(clock, (node) => void this.#monitor.suspect(node));
    this.#gate = new WriterGate(this.#topology, settings, this.#counts);
    this.#writer = new Writer(this.#gate, this.#monitor, this.#operations, settings, this.#counts);
    this.#position = new ReadPosition(
      this.#topology,
      new WritePosition((node) => this.#monitor.lookAt(node)),
    );
    const parts = [this.#topology, this.#monitor] as const;
    this.#transactor = new Transactor(this.#writer, ...parts, this.#operations, settings, this.#counts);
    this.#reader = new Reader(...parts, this.#position, this.#operations, settings, this.#counts);
    this.#sessions = new Sessions(settings.context, settings.name);
  }

  write(statement: Statement): Promise<PgResult> {
    return this.#query('write', (operation) =>
      this.#writer.query(statement, operation, this.#sessions.current()),
    );
  }

  read(statement: Statement, options: ReadOptions): Promise<PgResult> {
    return this.#query('read', (operation) =>
      this.#reader.query(statement, options, operation, this.#sessions.current()),
    );
  }

  transaction<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    options: TransactionOptions,
  ): Promise<Result> {
    const session = this.#sessions.current();
    const run = () =>
      this.#during('write', options.timeoutMs, (operation) =>
        this.#transactor.run(work, options, operation, session),
      );
    if (!transactionChannel?.hasSubscribers) return run();
    const message: TransactionMessage = {
      cluster: this.settings.name,
      isIdempotent: options.idempotencyKey !== undefined,
    };
    return observe(transactionChannel, message, run);
  }

  /** Lends a connection to the primary. */
  connect(): Promise<PgClient> {
    const session = this.#sessions.current();
    return this.#during('write', undefined, async (operation) => {
      const lease = await this.#writer.lease(operation);
      return this.#lend(lease, 'write', session, (what, cause) =>
        this.#writer.unknown(lease.node, what, session, cause),
      );
    });
  }

  /** Lends a connection for reading. */
  connectReader(options: ReadOptions): Promise<PgClient> {
    const session = this.#sessions.current();
    return this.#during('read', undefined, async (operation) => {
      const lease = await this.#reader.lease(options, operation, session);
      if (lease.isOnPrimary) this.#counts.primaryReads += 1;
      else this.#counts.replicaReads += 1;
      return this.#lend(lease, 'read', session, (what) => new CommitUnknownError(what));
    });
  }

  async ready(timeoutMs: number): Promise<ClusterStatus> {
    return this.#during('write', timeoutMs, async (operation) => {
      this.#monitor.start();
      try {
        while (!this.#topology.isSurveyed) await operation.race(this.#topology.changed());
        const entry = await this.#gate.enter(operation);
        entry.leave(true);
      } catch (error) {
        if (error instanceof Interrupted && error.interruption === 'deadline')
          throw new DatabaseError(
            'UNITE_DB_NO_PRIMARY',
            `No primary within ${timeoutMs} ms. ${this.#topology.describe()}`,
          );
        throw error instanceof Interrupted ? interruptedError(error, 'waiting for the cluster') : error;
      }
      return this.status();
    });
  }

  status(): ClusterStatus {
    return describeStatus(this.#topology, this.#gate.waiting, this.#counts, this.settings);
  }

  /** Connections of all nodes together, as a driver's pool counts its own. */
  get connectionCounts(): { readonly total: number; readonly idle: number; readonly waiting: number } {
    const all = this.#topology.nodes.flatMap(({ writes, reads, readsOnPrimary }) => [
      writes,
      reads,
      readsOnPrimary,
    ]);
    const sum = (count: (connections: (typeof all)[number]) => number) =>
      all.reduce((total, connections) => total + count(connections), 0);
    return {
      total: sum(({ total }) => total),
      idle: sum(({ idle }) => idle),
      waiting: sum(({ permits }) => permits.waiting) + this.#gate.waiting,
    };
  }

  async sessionToken(): Promise<ConsistencyToken | undefined> {
    const session = this.#sessions.current();
    if (!session.hasUnlocatedWrites) return session.token;
    const operation = this.#operations.begin('write', this.settings.probeTimeoutMs, undefined);
    try {
      await this.#position.locate(session, operation);
    } catch {
      // The one who reads next finds out.
    } finally {
      this.#operations.end(operation);
    }
    return this.sessionTokenNow();
  }

  sessionTokenNow(): ConsistencyToken | undefined {
    const { hasUnlocatedWrites, token } = this.#sessions.current();
    if (!hasUnlocatedWrites) return token;
    const { systemId, timeline } = this.#topology;
    return systemId === undefined || timeline === undefined ? token : { systemId, timeline, lsn: undefined };
  }

  advanceSession(token: ConsistencyToken): void {
    const { systemId } = this.#topology;
    if (systemId !== undefined && token.systemId !== systemId) return;
    if (systemId !== undefined) this.#topology.raiseTimeline(token.timeline);
    this.#sessions.current().advance(token);
  }

  close({ timeoutMs = defaultCloseTimeoutMs }: CloseOptions = {}): Promise<CloseReport> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  get isClosing(): boolean {
    return this.#closing !== undefined;
  }

  async #close(timeoutMs: number): Promise<CloseReport> {
    const aborted = await this.#operations.drain(timeoutMs);
    this.#discovery?.close();
    this.#monitor.close();
    await Promise.all(this.#topology.nodes.map((node) => node.close(goodbyeMs)));
    return { drained: aborted === 0, aborted };
  }

  #query(kind: 'read' | 'write', run: (operation: Operation) => Promise<PgResult>): Promise<PgResult> {
    if (!queryChannel?.hasSubscribers) return this.#during(kind, undefined, run);
    const message: QueryMessage = { cluster: this.settings.name, kind };
    return observe(queryChannel, message, () =>
      this.#during(kind, undefined, (operation) => {
        operation.message = message;
        return run(operation);
      }),
    );
  }

  /** Runs one call of the application within its time. */
  async #during<Result>(
    kind: 'read' | 'write',
    timeoutMs: number | undefined,
    run: (operation: Operation) => Promise<Result>,
  ): Promise<Result> {
    const operation = this.#begin(kind, timeoutMs);
    try {
      return await run(operation);
    } catch (error) {
      // The driver's errors are born in a socket's event; the way to the caller is worth more.
      if (isServerError(error)) Error.captureStackTrace(error as Error);
      throw error;
    } finally {
      this.#operations.end(operation);
    }
  }

  /** @throws DatabaseError `UNITE_DB_CLOSED` */
  #begin(kind: 'read' | 'write', timeoutMs = this.settings.queryTimeoutMs): Operation {
    if (this.#closing) throw new DatabaseError('UNITE_DB_CLOSED', 'The cluster is closed');
    this.#discovery?.start();
    return this.#start(kind, timeoutMs);
  }

  #start(kind: 'read' | 'write', timeoutMs: number): Operation {
    const { deadlineAtMs, signal } = this.settings.context() ?? {};
    const remainingMs =
      deadlineAtMs === undefined
        ? timeoutMs
        : Math.min(timeoutMs, deadlineAtMs - this.settings.clock.wallMs());
    return this.#operations.begin(kind, remainingMs, signal);
  }

  #lend(
    lease: Lease,
    purpose: 'write' | 'read',
    session: ReturnType<Sessions['current']>,
    unknown: (what: string, cause: unknown) => Error,
  ): PgClient {
    return borrowClient({
      lease,
      purpose,
      session,
      operations: this.#operations,
      settings: this.settings,
      // While the cluster closes, what is on a borrowed connection may still come to its end.
      begin: (kind) => this.#start(kind, this.settings.queryTimeoutMs),
      unknown,
      suspect: () => void this.#monitor.suspect(lease.node),
    });
  }

  #changed(change: TopologyChange): void {
    const { node, from, to, writer } = change;
    if (to === 'down') {
      const { observation } = node;
      const cause = observation?.isUp === false ? observation.error : undefined;
      this.#operations.interrupt(node, 'read', 'lost', cause);
      node.retire();
    } else if (to === 'fenced' || to === 'foreign') {
      this.#fence(node);
    } else if (to === 'up' && from !== 'unknown') {
      node.breaker.startSlowly();
    }
    if (writer) this.#writerChanged(writer);
    this.#gate.pump();
    if (changeChannel?.hasSubscribers) {
      const message: ChangeMessage = {
        cluster: this.settings.name,
        node: node.name,
        from,
        to,
        reason: this.#topology.stateOf(node).reason,
        primary: writer && { before: writer.before?.name, now: writer.now?.name },
      };
      changeChannel.publish(message);
    }
  }

  /** What the node may still do counts for nothing any more. */
  #fence(node: ClusterNode): void {
    this.#operations.interrupt(node, 'all', 'fenced', undefined);
    node.cutOff(new Error(`${node.name} was replaced as the primary`));
  }

  #writerChanged({ before, now }: NonNullable<TopologyChange['writer']>): void {
    if (!now) {
      this.#monitor.hurry();
      this.#discovery?.hurry();
    }
    const last = this.#lastWriter ?? before;
    if (now && last && last !== now) {
      this.#counts.failovers += 1;
      this.#gate.begin();
      this.#fence(last);
    }
    if (now) this.#lastWriter = now;
  }
}
