import type { CloseOptions } from '@unite/core';
import { borrowClient } from './borrow-client';
import { Calls } from './calls';
import { checkReadOptions } from './check-call-options';
import { newCounts } from './counts';
import { connectionCounts, describeStatus } from './describe-status';
import type { PgClient, PgResult } from './driver-types';
import { CommitUnknownError, DatabaseError } from './errors';
import { interruptedError } from './interrupted-error';
import { ClusterNode } from './node/cluster-node';
import type { Lease } from './node/lease';
import { Interrupted } from './operation';
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
import { RoleChanges } from './topology/role-changes';
import { Topology } from './topology/topology';
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
  readonly #calls: Calls;
  readonly #counts = newCounts();
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
      changes.handle(change),
    );
    this.#monitor = new Monitor(this.#topology, settings);
    this.#discovery = isFixed
      ? undefined
      : new Discovery(nodes, createNode, this.#topology, this.#monitor, settings);
    this.#operations = new Operations(clock, (node) => void this.#monitor.suspect(node));
    this.#gate = new WriterGate(this.#topology, settings, this.#counts);
    this.#writer = new Writer(this.#gate, this.#monitor, this.#operations, settings, this.#counts);
    const changes = new RoleChanges({
      cluster: settings.name,
      topology: this.#topology,
      monitor: this.#monitor,
      discovery: this.#discovery,
      operations: this.#operations,
      gate: this.#gate,
      counts: this.#counts,
    });
    const position = new WritePosition((node) => this.#monitor.lookAt(node));
    this.#position = new ReadPosition(this.#topology, position);
    const parts = [this.#topology, this.#monitor] as const;
    this.#transactor = new Transactor(this.#writer, ...parts, this.#operations, settings, this.#counts);
    this.#reader = new Reader(...parts, this.#position, this.#operations, settings, this.#counts);
    this.#sessions = new Sessions(settings.context, settings.name, isFixed ? nodes : []);
    this.#calls = new Calls(this.#operations, settings, () => this.#discovery?.start());
  }

  write(statement: Statement): Promise<PgResult> {
    return this.#calls.query('write', statement, (operation) =>
      this.#writer.query(statement, operation, this.#sessions.current()),
    );
  }

  read(statement: Statement, options: ReadOptions): Promise<PgResult> {
    return this.#calls.query('read', statement, (operation) =>
      this.#reader.query(statement, options, operation, this.#sessions.current()),
    );
  }

  transaction<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    options: TransactionOptions,
  ): Promise<Result> {
    const session = this.#sessions.current();
    return this.#calls.transaction(options.timeoutMs, options.idempotencyKey !== undefined, (operation) =>
      this.#transactor.run(work, options, operation, session),
    );
  }

  /** Lends a connection to the primary. */
  connect(): Promise<PgClient> {
    const session = this.#sessions.current();
    return this.#calls.run('write', undefined, async (operation) => {
      const lease = await this.#writer.lease(operation);
      return this.#lend(lease, 'write', session, (what, cause) =>
        this.#writer.unknown(lease.node, what, session, cause),
      );
    });
  }

  /** Lends a connection for reading. */
  connectReader(options: ReadOptions): Promise<PgClient> {
    const session = this.#sessions.current();
    return this.#calls.run('read', undefined, async (operation) => {
      const lease = await this.#reader.lease(options, operation, session);
      if (lease.isOnPrimary) this.#counts.primaryReads += 1;
      else this.#counts.replicaReads += 1;
      return this.#lend(lease, 'read', session, (what) => new CommitUnknownError(what));
    });
  }

  async ready(timeoutMs: number): Promise<ClusterStatus> {
    return this.#calls.run('write', timeoutMs, async (operation) => {
      this.#monitor.start();
      try {
        while (!this.#topology.isSurveyed) await operation.race(this.#topology.changed());
        const entry = await this.#gate.enter(operation);
        entry.leave(true);
      } catch (error) {
        if (error instanceof Interrupted && error.interruption === 'deadline')
          throw (
            this.#topology.writeRefusal() ??
            new DatabaseError(
              'UNITE_DB_NO_PRIMARY',
              `No primary within ${timeoutMs} ms. ${this.#topology.describe()}`,
            )
          );
        throw error instanceof Interrupted ? interruptedError(error, 'waiting for the cluster') : error;
      }
      return this.status();
    });
  }

  status(): ClusterStatus {
    return describeStatus(this.#topology, this.#gate.waiting, this.#counts, this.settings);
  }

  get connectionCounts(): ReturnType<typeof connectionCounts> {
    return connectionCounts(this.#topology, this.#gate.waiting);
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
    checkReadOptions({ after: token });
    const { systemId } = this.#topology;
    if (systemId !== undefined && token.systemId !== systemId) return;
    this.#topology.noteToken(token);
    this.#sessions.current().advance(token);
  }

  close({ timeoutMs = defaultCloseTimeoutMs }: CloseOptions = {}): Promise<CloseReport> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  get isClosing(): boolean {
    return this.#calls.isClosed;
  }

  async #close(timeoutMs: number): Promise<CloseReport> {
    const aborted = await this.#calls.close(timeoutMs);
    this.#discovery?.close();
    this.#monitor.close();
    await Promise.all(this.#topology.nodes.map((node) => node.close(goodbyeMs)));
    return { drained: aborted === 0, aborted };
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
      begin: (kind) => this.#calls.begin(kind),
      unknown,
      suspect: () => void this.#monitor.suspect(lease.node),
    });
  }
}
