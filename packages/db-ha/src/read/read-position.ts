import { interruptedError } from '../interrupted-error';
import type { ClusterNode } from '../node/cluster-node';
import type { Position } from '../node/replay-position';
import { Interrupted, type Operation } from '../operation';
import type { Session } from '../session/session';
import type { WritePosition } from '../session/write-position';
import type { Topology } from '../topology/topology';
import type { ConsistencyToken, ReadOptions } from '../types';

/** Finds out how far a replica must have replayed for a session to see its own writes. */
export class ReadPosition {
  readonly #topology: Topology;
  readonly #writePosition: WritePosition;

  constructor(topology: Topology, writePosition: WritePosition) {
    this.#topology = topology;
    this.#writePosition = writePosition;
  }

  /** Whether any replica will do, without a look at anything: nothing was written, and no token was given. */
  isFree({ consistency, after }: ReadOptions, session: Session): boolean {
    if (after) return false;
    return consistency === 'eventual' || (session.token === undefined && !session.hasUnlocatedWrites);
  }

  /** `undefined`: any replica will do. `'unknown'`: it cannot be found out now. */
  async required(
    { consistency = 'session', after }: ReadOptions,
    operation: Operation,
    session: Session,
  ): Promise<Position | 'unknown' | undefined> {
    // Of another cluster it says nothing here, and must not take the place of what the session wrote.
    const given = after?.systemId === this.#topology.systemId ? after : undefined;
    this.#noteTimeline(given);
    if (consistency === 'eventual') return given && this.#ofToken(given, operation);
    // It can be from before anything was known of the cluster.
    this.#noteTimeline(session.token);
    if (given) session.advance(given);
    if (session.hasUnlocatedWrites && !(await this.locate(session, operation))) return 'unknown';
    return session.token && this.#ofToken(session.token, operation, session);
  }

  /** Gives a session's writes their place in the log. @returns whether that could be done now */
  async locate(session: Session, operation: Operation): Promise<boolean> {
    const { writes } = session;
    const token = await this.#current(operation, session.commitsAsynchronously);
    if (token) session.locate(writes, token);
    return token !== undefined;
  }

  /** The token's timeline exists, whoever here has seen it. */
  #noteTimeline(token: ConsistencyToken | undefined): void {
    if (token) this.#topology.noteToken(token);
  }

  /**
   * A position counts on its own timeline alone. What was written before a failover and survived it is in the
   * log of the new primary before the position that it has now.
   */
  async #ofToken(
    token: ConsistencyToken,
    operation: Operation,
    session?: Session,
  ): Promise<Position | 'unknown' | undefined> {
    if (token.systemId !== this.#topology.systemId) return undefined;
    if (token.timeline === this.#topology.timeline && token.lsn !== undefined)
      return { timeline: token.timeline, lsn: token.lsn };
    const current = await this.#current(operation, false);
    if (!current) return 'unknown';
    session?.advance(current);
    return { timeline: current.timeline, lsn: current.lsn };
  }

  async #current(
    operation: Operation,
    commitsAsynchronously: boolean,
  ): Promise<(ConsistencyToken & { readonly lsn: bigint }) | undefined> {
    const { writer } = this.#topology;
    if (!writer) return undefined;
    const report = await this.#ask(writer, operation);
    const { systemId, timeline } = this.#topology;
    if (report?.role !== 'primary' || report.systemId !== systemId || report.timeline !== timeline)
      return undefined;
    const isAhead = commitsAsynchronously || report.commitsAsynchronously;
    const lsn = isAhead ? (report.insertLsn ?? report.lsn) : report.lsn;
    return { systemId, timeline, lsn };
  }

  async #ask(writer: ClusterNode, operation: Operation) {
    try {
      return await operation.race(this.#writePosition.of(writer));
    } catch (error) {
      if (error instanceof Interrupted)
        throw interruptedError(error, `asking ${writer.name} for its position`);
      return undefined;
    }
  }
}
