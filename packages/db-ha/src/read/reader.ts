import { classifyError, reasonOf } from '../classify-error';
import type { Counts } from '../counts';
import type { PgResult } from '../driver-types';
import { DatabaseError } from '../errors';
import { interruptedError } from '../interrupted-error';
import type { ClusterNode } from '../node/cluster-node';
import type { Lease } from '../node/lease';
import { Interrupted, type Operation } from '../operation';
import type { Operations } from '../operations';
import { isSubmittable, type Statement, textOf } from '../send';
import type { Session } from '../session/session';
import type { Settings } from '../settings';
import type { Monitor } from '../topology/monitor';
import type { Topology } from '../topology/topology';
import type { ReadOptions } from '../types';
import { cancelStatement } from '../write/cancel-statement';
import { NodeChoice, orReadError } from './node-choice';
import { readOnlyMistake } from './read-only-mistake';
import type { ReadPosition } from './read-position';
import { sendReadOnly } from './send-read-only';

/** Pause before everyone is tried again. */
const retryMs = 20;
/** A read that breaks this many connections may be what breaks them, and is kept from the other nodes. */
const maxLosses = 5;

/** Statements that only read: on a replica that has seen enough, else on the primary. */
export class Reader {
  readonly #topology: Topology;
  readonly #monitor: Monitor;
  readonly #choice: NodeChoice;
  readonly #operations: Operations;
  readonly #settings: Settings;
  readonly #counts: Counts;

  constructor(
    topology: Topology,
    monitor: Monitor,
    position: ReadPosition,
    operations: Operations,
    settings: Settings,
    counts: Counts,
  ) {
    this.#topology = topology;
    this.#monitor = monitor;
    this.#choice = new NodeChoice(topology, position, settings);
    this.#operations = operations;
    this.#settings = settings;
    this.#counts = counts;
  }

  /** One statement; a node that fails is replaced by another. @throws DatabaseError; the driver's error */
  async query(
    statement: Statement,
    options: ReadOptions,
    operation: Operation,
    session: Session,
  ): Promise<PgResult> {
    const mistake = readOnlyMistake(textOf(statement.query), statement.values);
    if (mistake) throw mistake;
    const failed = new Set<ClusterNode>();
    let losses = 0;
    for (;;) {
      const lease = await this.lease(options, operation, session, failed);
      const { node } = lease;
      const sentAtMs = this.#nowMs();
      this.#operations.waitFor(operation, node);
      if (operation.message) {
        operation.message.node = node.name;
        operation.message.role = lease.server.role;
      }
      try {
        const result = await operation.race(sendReadOnly(lease, statement));
        this.#succeed(lease, sentAtMs);
        return result;
      } catch (error) {
        const isLost = this.#fail(lease, error, operation, statement);
        if (isLost && ++losses === maxLosses) throw lossError(error);
        this.#counts.retriedReads += 1;
        failed.add(node);
      } finally {
        this.#operations.stopWaiting(operation);
      }
    }
  }

  /** A connection to a node that may serve the read, none of `failed`. @throws DatabaseError */
  async lease(
    options: ReadOptions,
    operation: Operation,
    session: Session,
    failed = new Set<ClusterNode>(),
  ): Promise<Lease> {
    this.#monitor.start();
    const untilMs = this.#nowMs() + this.#settings.failoverTimeoutMs;
    let cause: unknown;
    for (;;) {
      const choosing = this.#choice.choose(options, operation, session, failed);
      const node = choosing instanceof Promise ? await choosing : choosing;
      if (!node) {
        await this.#waitForChange(operation, untilMs, failed, cause);
        continue;
      }
      const isPrimary = node === this.#topology.writer;
      try {
        this.#operations.waitFor(operation, node);
        const lease = await (isPrimary ? node.readsOnPrimary : node.reads).lease(operation);
        if (lease.server.startedAt === node.report?.startedAt) return lease;
        // After a restart a replica can be further back than it was seen to be.
        lease.release(new Error('the server was restarted'));
        this.#blame(node);
        failed.add(node);
      } catch (error) {
        if (DatabaseError.isInstance(error)) this.#counts.refused += 1;
        this.#giveUpOrGoOn(node, error, operation, failed);
        cause = error;
      } finally {
        this.#operations.stopWaiting(operation);
      }
    }
  }

  #succeed(lease: Lease, sentAtMs: number): void {
    const { node } = lease;
    const nowMs = this.#nowMs();
    node.latency.add(nowMs - sentAtMs, nowMs);
    node.breaker.success();
    if (lease.isOnPrimary) this.#counts.primaryReads += 1;
    else this.#counts.replicaReads += 1;
    lease.release();
  }

  /** Gives the connection back when another node may be tried. @returns whether the connection was lost */
  #fail(lease: Lease, error: unknown, operation: Operation, { query }: Statement): boolean {
    const { node, isOnPrimary } = lease;
    if (error instanceof Interrupted) {
      void cancelStatement(lease, this.#settings);
      lease.release(error);
      operation.forgiveLoss();
      if (error.interruption !== 'lost' && error.interruption !== 'fenced')
        throw interruptedError(error, `a read on ${node.name}`);
      return true;
    }
    const kind = classifyError(error);
    // On a connection that was let in, it is a function that refuses somebody, unless a pooler lets in later.
    const isRefusal = kind === 'denied' && node.options.pooler !== 'transaction';
    const isVerdict =
      isRefusal || kind === 'statement' || kind === 'read-only' || (kind === 'conflict' && isOnPrimary);
    if (isVerdict || (kind === 'conflict' && !lease.failure)) lease.releaseAfter(error as Error, query);
    else lease.release(error as Error);
    if (isVerdict || isSubmittable(query)) throw error;
    // A replica gives up a read in favour of what it has to replay: it is well, and another may serve the read.
    if (kind === 'conflict') return false;
    this.#blame(node);
    return true;
  }

  /** After a connection could not be had. */
  #giveUpOrGoOn(node: ClusterNode, error: unknown, operation: Operation, failed: Set<ClusterNode>): void {
    operation.forgiveLoss();
    if (error instanceof Interrupted && error.interruption !== 'lost' && error.interruption !== 'fenced')
      throw interruptedError(error, `waiting for a connection to ${node.name}`);
    failed.add(node);
    this.#counts.retriedReads += 1;
    // A full queue says nothing about the node.
    if (!DatabaseError.isInstance(error)) this.#blame(node);
  }

  #blame(node: ClusterNode): void {
    node.lostRead(this.#nowMs());
    void this.#monitor.suspect(node);
  }

  /** Everyone has failed, or there is no one: waits for news, for as long as a failover may take. */
  async #waitForChange(
    operation: Operation,
    untilMs: number,
    failed: Set<ClusterNode>,
    cause: unknown,
  ): Promise<void> {
    const { nodes, isSurveyed } = this.#topology;
    if (DatabaseError.isInstance(cause)) throw cause;
    if (
      isSurveyed &&
      nodes.every(
        (node) => node.observation?.isUp === false && classifyError(node.observation.error) === 'denied',
      )
    )
      throw new DatabaseError(
        'UNITE_DB_ACCESS_DENIED',
        `Every node refuses access. ${this.#topology.describe()}`,
        { cause: nodes[0]?.observation?.isUp === false ? nodes[0].observation.error : undefined },
      );
    if (this.#nowMs() >= untilMs) {
      const because = cause === undefined ? '' : ` The last one tried: ${reasonOf(cause)}.`;
      throw new DatabaseError(
        'UNITE_DB_NO_READER',
        `No node can be read. ${this.#topology.describe()}.${because}`,
        { cause },
      );
    }
    const { clock } = this.#settings;
    const timer = new AbortController();
    const timeout = clock.sleep(Math.max(untilMs - this.#nowMs(), 0), timer.signal).catch(() => undefined);
    try {
      await orReadError(operation.race(Promise.race([this.#topology.changed(), timeout])));
      if (failed.size > 0) await orReadError(operation.race(clock.sleep(retryMs)));
    } finally {
      timer.abort();
    }
    failed.clear();
  }

  #nowMs(): number {
    return this.#settings.clock.monotonicMs();
  }
}

function lossError(cause: unknown): DatabaseError {
  return new DatabaseError(
    'UNITE_DB_CONNECTION_LOST',
    `The read was given up after it had lost ${maxLosses} connections (${reasonOf(cause)})`,
    { cause },
  );
}
