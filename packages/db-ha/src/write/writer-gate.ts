import { classifyError } from '../classify-error';
import type { Counts } from '../counts';
import { DatabaseError } from '../errors';
import type { ClusterNode } from '../node/cluster-node';
import type { Operation } from '../operation';
import type { Settings } from '../settings';
import type { Topology } from '../topology/topology';

/** After a failover this often twice as many are let in, however long those inside stay. */
const growEveryMs = 250;

/** Writes that may wait while the cluster is looked at for the first time. */
const coldStartWaiting = 10_000;

/** The right to use the primary, until `leave`. */
export class Entry {
  readonly node: ClusterNode;
  readonly #gate: WriterGate;
  readonly #term: number;

  constructor(node: ClusterNode, gate: WriterGate, term: number) {
    this.node = node;
    this.#gate = gate;
    this.#term = term;
  }

  /** Tells how it went; a success lets more in after a failover. */
  leave(hasSucceeded: boolean): void {
    this.#gate.leave(this.#term, hasSucceeded);
  }
}

interface Waiting {
  readonly grant: (entry: Entry) => void;
  readonly refuse: (error: DatabaseError) => void;
}

/**
 * Where writes wait for a primary: at most so many, at most so long, in the order of coming. After a failover
 * they do not fall on the new primary all at once: first one, then two, then four, with every success and as
 * time goes by.
 */
export class WriterGate {
  readonly #topology: Topology;
  readonly #settings: Settings;
  readonly #counts: Counts;
  readonly #waiting = new Set<Waiting>();
  /** Raised with every new primary; who entered before counts no more. */
  #term = 0;
  #entered = 0;
  #isOpen = false;
  #limit = Number.POSITIVE_INFINITY;

  constructor(topology: Topology, settings: Settings, counts: Counts) {
    this.#topology = topology;
    this.#settings = settings;
    this.#counts = counts;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** @throws DatabaseError; Interrupted */
  enter(operation: Operation): Entry | Promise<Entry> {
    const writer = this.#writer;
    if (writer && this.#waiting.size === 0 && this.#entered < this.#limit && !this.#topology.refusal())
      return this.#entry(writer);
    return this.#wait(operation);
  }

  /**
   * Nobody, until every node was asked once: the first that calls itself a primary may have been replaced, and
   * its successor may be slower to answer.
   */
  get #writer(): ClusterNode | undefined {
    this.#isOpen ||= this.#topology.isSurveyed;
    return this.#isOpen ? this.#topology.writer : undefined;
  }

  /** Another primary took over. */
  begin(): void {
    this.#term += 1;
    this.#entered = 0;
    this.#limit = 1;
    void this.#growInTime(this.#term);
  }

  /** Lets in whoever may enter now, or turns everybody away. */
  pump(): void {
    const hopeless = this.#hopeless();
    if (hopeless) {
      for (const { refuse } of this.#waiting) refuse(hopeless);
      this.#waiting.clear();
      return;
    }
    const writer = this.#writer;
    if (!writer) return;
    for (const waiting of this.#waiting) {
      if (this.#entered >= this.#limit) return;
      this.#waiting.delete(waiting);
      waiting.grant(this.#entry(writer));
    }
  }

  /** Called by {@link Entry}, once. */
  leave(term: number, hasSucceeded: boolean): void {
    if (term !== this.#term) return;
    this.#entered -= 1;
    if (this.#limit === Number.POSITIVE_INFINITY) return;
    if (hasSucceeded) this.#grow();
    this.pump();
  }

  /** A connection may be borrowed for ever, such as one that listens, and must not keep the others out. */
  async #growInTime(term: number): Promise<void> {
    while (term === this.#term && this.#limit !== Number.POSITIVE_INFINITY) {
      await this.#settings.clock.sleep(growEveryMs);
      if (term !== this.#term) return;
      this.#grow();
      this.pump();
    }
  }

  #grow(): void {
    this.#limit *= 2;
    if (this.#limit > this.#settings.max) this.#limit = Number.POSITIVE_INFINITY;
  }

  #entry(node: ClusterNode): Entry {
    this.#entered += 1;
    return new Entry(node, this, this.#term);
  }

  async #wait(operation: Operation): Promise<Entry> {
    const { maxWaitingForPrimary, failoverTimeoutMs, clock } = this.#settings;
    const hopeless = this.#hopeless();
    if (hopeless) throw hopeless;
    // Until every node was asked once nobody can tell that there is no primary; that is soon, and bounded all the same.
    const { isSurveyed } = this.#topology;
    const maxWaiting = isSurveyed ? maxWaitingForPrimary : Math.max(maxWaitingForPrimary, coldStartWaiting);
    if (this.#waiting.size >= maxWaiting) {
      this.#counts.refused += 1;
      throw new DatabaseError(
        'UNITE_DB_QUEUE_FULL',
        `${this.#waiting.size} writes wait for a primary already`,
      );
    }
    const timer = new AbortController();
    let waiting: Waiting | undefined;
    const granted = new Promise<Entry>((grant, refuse) => {
      const entering = { grant, refuse };
      waiting = entering;
      this.#waiting.add(entering);
      clock.sleep(failoverTimeoutMs, timer.signal).then(
        () => {
          this.#waiting.delete(entering);
          refuse(this.#noPrimary());
        },
        () => undefined,
      );
    });
    this.pump();
    try {
      return await operation.race(granted);
    } catch (error) {
      // Let in and interrupted in the same turn: the place is free again.
      if (waiting && !this.#waiting.delete(waiting))
        granted.then((entry) => entry.leave(false)).catch(() => undefined);
      throw error;
    } finally {
      timer.abort();
    }
  }

  /** Why waiting is pointless. */
  #hopeless(): DatabaseError | undefined {
    const { nodes, isSurveyed, writer } = this.#topology;
    const refusal = this.#topology.refusal();
    if (refusal || writer || !isSurveyed) return refusal;
    const failures = nodes.map(({ observation }) =>
      observation?.isUp === false ? observation.error : undefined,
    );
    if (failures.every((failure) => classifyError(failure) === 'denied')) {
      return new DatabaseError(
        'UNITE_DB_ACCESS_DENIED',
        `Every node refuses access. ${this.#topology.describe()}`,
        {
          cause: failures[0],
        },
      );
    }
    const [only] = nodes;
    if (nodes.length === 1 && only?.report?.role === 'replica') return this.#noPrimary();
    return undefined;
  }

  #noPrimary(): DatabaseError {
    const refusal = this.#topology.writeRefusal();
    return (
      refusal ??
      new DatabaseError(
        'UNITE_DB_NO_PRIMARY',
        `No primary among the ${this.#topology.nodes.length} configured nodes. ${this.#topology.describe()}`,
      )
    );
  }
}
