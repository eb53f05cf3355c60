import { interruptedError } from '../interrupted-error';
import type { ClusterNode } from '../node/cluster-node';
import type { Position } from '../node/replay-position';
import { Interrupted, type Operation } from '../operation';
import type { Session } from '../session/session';
import type { Settings } from '../settings';
import type { Topology } from '../topology/topology';
import type { ReadOptions } from '../types';
import { chooseReplica } from './choose-replica';
import { firstToReach } from './first-to-reach';
import type { ReadPosition } from './read-position';

/** Finds the node for a read: a replica that has seen enough, else the primary. */
export class NodeChoice {
  readonly #topology: Topology;
  readonly #position: ReadPosition;
  readonly #settings: Settings;

  constructor(topology: Topology, position: ReadPosition, settings: Settings) {
    this.#topology = topology;
    this.#position = position;
    this.#settings = settings;
  }

  /** `undefined` when nobody can serve it now. A promise only where something must be found out first. */
  choose(
    options: ReadOptions,
    operation: Operation,
    session: Session,
    failed: ReadonlySet<ClusterNode>,
  ): ClusterNode | undefined | Promise<ClusterNode | undefined> {
    const refusal = this.#topology.refusal();
    if (refusal) throw refusal;
    const primary = this.#primary(failed);
    if (options.consistency === 'strong') return primary;
    const readable = this.#topology.readableReplicas(this.#nowMs());
    const replicas = failed.size === 0 ? readable : readable.filter((node) => !failed.has(node));
    if (replicas.length === 0) return primary;
    if (!this.#position.isFree(options, session))
      return this.#chooseCaughtUp(replicas, options, operation, session, failed);
    return (
      chooseReplica(replicas, this.#settings.random, this.#nowMs()) ??
      primary ??
      this.#leastBad(replicas, undefined)
    );
  }

  async #chooseCaughtUp(
    replicas: readonly ClusterNode[],
    options: ReadOptions,
    operation: Operation,
    session: Session,
    failed: ReadonlySet<ClusterNode>,
  ): Promise<ClusterNode | undefined> {
    const position = await this.#position.required(options, operation, session);
    if (position === 'unknown') return undefined;
    return (
      (await this.#caughtUp(replicas, position, operation)) ??
      this.#primary(failed) ??
      this.#leastBad(replicas, position)
    );
  }

  #primary(failed: ReadonlySet<ClusterNode>): ClusterNode | undefined {
    const { writer } = this.#topology;
    return writer && !failed.has(writer) ? writer : undefined;
  }

  /** A replica that has replayed `position`, for which it may be waited a moment. */
  async #caughtUp(
    replicas: readonly ClusterNode[],
    position: Position | undefined,
    operation: Operation,
  ): Promise<ClusterNode | undefined> {
    const { clock, random, waitForReplicaMs } = this.#settings;
    const ready = position ? replicas.filter(({ replay }) => replay.has(position)) : replicas;
    const chosen = chooseReplica(ready, random, this.#nowMs());
    if (chosen || !position) return chosen;
    const first = chooseReplica(replicas, random, this.#nowMs());
    if (!first) return undefined;
    const others = replicas.filter((node) => node !== first && node.takesReads(this.#nowMs()));
    return orReadError(firstToReach(first, others, position, waitForReplicaMs, clock, operation));
  }

  /** Without a primary no breaker may take the last replica away. */
  #leastBad(replicas: readonly ClusterNode[], position: Position | undefined): ClusterNode | undefined {
    const ready = replicas.filter(({ replay }) => !position || replay.has(position));
    return ready.sort((a, b) => a.inFlight - b.inFlight)[0];
  }

  #nowMs(): number {
    return this.#settings.clock.monotonicMs();
  }
}

/** What `work` brings; an interruption as the caller of a read is told of it. */
export async function orReadError<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Interrupted ? interruptedError(error, 'waiting for a node to read from') : error;
  }
}
