import type { Clock } from '@unite/core';
import { reasonOf } from '../classify-error';
import { DatabaseError } from '../errors';
import type { ClusterNode, Observation } from '../node/cluster-node';
import type { ServerReport } from '../node/server-report';
import type { NodeStatus } from '../status-types';
import type { ConsistencyToken } from '../types';
import { Lag } from './lag';

/** A new connection led to a server that must not be used; nothing was sent to it. */
export class WrongServerError extends Error {
  override readonly name = 'WrongServerError';
}

/** What a node is good for, and why it is not `up`. */
export interface NodeState {
  readonly state: NodeStatus['state'];
  readonly reason: string | undefined;
}

/** How long the list of readable replicas is kept, when nothing is heard of them. */
const readableForMs = 50;

/** Something that changed, after it did. */
export interface TopologyChange {
  readonly node: ClusterNode;
  readonly from: NodeStatus['state'];
  readonly to: NodeStatus['state'];
  /** The primary, where another one took over or it was lost. */
  readonly writer:
    | { readonly before: ClusterNode | undefined; readonly now: ClusterNode | undefined }
    | undefined;
}

/**
 * Who is who. A primary is written to when it belongs to the cluster and is on the highest timeline that was
 * ever seen: PostgreSQL raises the timeline with every promotion, so a primary that was replaced, and comes
 * back without knowing, is told by its lower one. The client never promotes.
 */
export class Topology {
  readonly lag = new Lag();
  readonly #clock: Clock;
  readonly #maxLagMs: number;
  readonly #onChange: (change: TopologyChange) => void;
  nodes: readonly ClusterNode[];
  systemId: string | undefined;
  /** Highest timeline seen, by whatever way. Only rises. */
  timeline: number | undefined;
  writer: ClusterNode | undefined;
  /** Timelines by cluster, from before it was known which of them this is. */
  readonly #heard = new Map<string, number>();
  #splitBrain: readonly ClusterNode[] = [];
  /** Why nobody knows the nodes, where something names them. */
  discoveryFailure: string | undefined;
  #readable: readonly ClusterNode[] = [];
  #readableUntilMs = 0;
  #whenChanged: (() => void) | undefined;
  #changed: Promise<void> | undefined;

  constructor(
    nodes: readonly ClusterNode[],
    { clock, maxLagMs }: { readonly clock: Clock; readonly maxLagMs: number },
    onChange: (change: TopologyChange) => void,
  ) {
    this.nodes = nodes;
    this.#clock = clock;
    this.#maxLagMs = maxLagMs;
    this.#onChange = onChange;
  }

  /** Takes in what a node said. */
  observe(node: ClusterNode, observation: Observation, askedAtMs: number): void {
    const from = this.stateOf(node).state;
    const before = this.writer;
    // After a restart a replica can be further back than it was.
    if (!observation.isUp || observation.report.startedAt !== node.report?.startedAt)
      node.caughtUpAtMs = undefined;
    node.observation = observation;
    node.wasAsked(askedAtMs);
    if (observation.isUp) this.#learn(node, observation.report, askedAtMs);
    else node.replay.forget();
    this.#elect();
    const to = this.stateOf(node).state;
    const writer = before === this.writer ? undefined : { before, now: this.writer };
    if (from !== to || writer) this.#onChange({ node, from, to, writer });
    this.#whenChanged?.();
    this.#changed = undefined;
    this.#whenChanged = undefined;
  }

  /** What a token tells of the cluster. It may come before the first server says which cluster that is. */
  noteToken({ systemId, timeline }: Pick<ConsistencyToken, 'systemId' | 'timeline'>): void {
    if (systemId === this.systemId) this.raiseTimeline(timeline);
    else if (this.systemId === undefined)
      this.#heard.set(systemId, Math.max(timeline, this.#heard.get(systemId) ?? 0));
  }

  /** A timeline heard of in another way, such as a token: there is a primary with it, wherever it is. */
  raiseTimeline(timeline: number): void {
    if (!Number.isSafeInteger(timeline) || timeline <= (this.timeline ?? 0)) return;
    this.timeline = timeline;
    const before = this.writer;
    this.#elect();
    if (before && !this.writer)
      this.#onChange({ node: before, from: 'up', to: 'fenced', writer: { before, now: undefined } });
  }

  /** Resolves after the next answer or failure of any node. */
  changed(): Promise<void> {
    this.#changed ??= new Promise((resolve) => {
      this.#whenChanged = resolve;
    });
    return this.#changed;
  }

  /** The members changed. A primary that is no member any more is none, nor does it stand beside another. */
  setNodes(nodes: readonly ClusterNode[]): void {
    this.nodes = nodes;
    const before = this.writer;
    this.#elect();
    const now = this.writer;
    if (before === now) return;
    const writer = { before, now };
    if (before) this.#onChange({ node: before, from: 'up', to: 'unknown', writer });
    else if (now) this.#onChange({ node: now, from: 'fenced', to: 'up', writer });
  }

  /** Whether every node has been asked. */
  get isSurveyed(): boolean {
    return this.nodes.length > 0 && this.nodes.every(({ observation }) => observation);
  }

  stateOf(node: ClusterNode): NodeState {
    const { observation } = node;
    if (!observation) return { state: 'unknown', reason: 'not asked yet' };
    if (!observation.isUp) return { state: 'down', reason: reasonOf(observation.error) };
    const { report, acceptsConnections } = observation;
    if (report.systemId !== this.systemId)
      return { state: 'foreign', reason: `belongs to the cluster ${report.systemId}, not ${this.systemId}` };
    if (report.role === 'primary') return this.#stateOfPrimary(node, report);
    if (!acceptsConnections) return { state: 'down', reason: 'takes no new connections' };
    const reason = this.#whyBehind(node, report);
    return reason ? { state: 'behind', reason } : { state: 'up', reason: undefined };
  }

  /** Replicas that may be read at about `nowMs`; worked out when something changed, and as lag grows. */
  readableReplicas(nowMs: number): readonly ClusterNode[] {
    if (nowMs >= this.#readableUntilMs) {
      this.#readable = this.nodes.filter(
        (node) => node.report?.role === 'replica' && this.stateOf(node).state === 'up',
      );
      this.#readableUntilMs = nowMs + readableForMs;
    }
    return this.#readable;
  }

  /** Refuses a server behind a new connection. @throws WrongServerError */
  verify(node: ClusterNode, purpose: 'write' | 'read', server: ServerReport): void {
    if (server.systemId !== this.systemId)
      throw new WrongServerError(
        `${node.name} belongs to the cluster ${server.systemId}, not ${this.systemId}`,
      );
    if (server.role === 'primary' && server.timeline < (this.timeline ?? 0))
      throw new WrongServerError(
        `${node.name} is a primary of timeline ${server.timeline}; ${this.timeline} exists`,
      );
    if (purpose === 'write' && server.role === 'replica')
      throw new WrongServerError(`${node.name} is a replica`);
  }

  /** Why nothing can be done at all, such as nodes of different clusters. */
  refusal(): DatabaseError | undefined {
    const strangers = this.nodes.filter(
      (node) => !node.hasBelonged && node.report && node.report.systemId !== this.systemId,
    );
    if (strangers.length > 0) {
      const said = this.nodes.flatMap(({ name, report }) => (report ? `${name} ${report.systemId}` : []));
      return new DatabaseError(
        'UNITE_DB_MIXED_CLUSTERS',
        `The nodes belong to different clusters, by their system identifiers: ${said.join(', ')}`,
      );
    }
    return undefined;
  }

  /** Why nothing can be written now. */
  writeRefusal(): DatabaseError | undefined {
    if (this.#splitBrain.length > 0) {
      const names = this.#splitBrain.map(({ name }) => name).join(' and ');
      const isOneServer = new Set(this.#splitBrain.map(({ report }) => report?.startedAt)).size === 1;
      return new DatabaseError(
        'UNITE_DB_SPLIT_BRAIN',
        isOneServer
          ? `${names} are one server under several addresses, by the time of its start; give it once`
          : `${names} are both primaries of timeline ${this.timeline}; one of them must be shut down`,
      );
    }
    return undefined;
  }

  /** Every node with its state, for the text of an error. */
  describe(): string {
    if (this.nodes.length === 0 && this.discoveryFailure !== undefined)
      return `The nodes could not be found: ${this.discoveryFailure}`;
    return this.nodes
      .map((node) => {
        const { state, reason } = this.stateOf(node);
        const role = node.report?.role;
        return `${node.name}: ${[role, reason ?? state].filter(Boolean).join(', ')}`;
      })
      .join('; ');
  }

  #learn(node: ClusterNode, report: ServerReport, askedAtMs: number): void {
    node.seenAtMs = this.#clock.wallMs();
    this.systemId ??= report.systemId;
    if (report.systemId !== this.systemId) return;
    node.hasBelonged = true;
    this.timeline = Math.max(this.timeline ?? 0, report.timeline, this.#heard.get(report.systemId) ?? 0);
    if (report.role === 'replica') node.replay.learn(report, report.startedAt);
    else if (report.timeline === this.timeline) this.lag.sample(report.timeline, report.lsn, askedAtMs);
    for (const each of this.nodes) this.lag.measure(each);
  }

  #elect(): void {
    this.#readableUntilMs = 0;
    const primaries = this.nodes.filter(
      ({ report }) =>
        report?.role === 'primary' && report.systemId === this.systemId && report.timeline === this.timeline,
    );
    this.writer = primaries.length === 1 ? primaries[0] : undefined;
    this.#splitBrain = primaries.length > 1 ? primaries : [];
  }

  #stateOfPrimary(node: ClusterNode, report: ServerReport): NodeState {
    if (report.timeline < (this.timeline ?? 0))
      return { state: 'fenced', reason: `writes timeline ${report.timeline}; ${this.timeline} exists` };
    if (this.#splitBrain.includes(node)) return { state: 'fenced', reason: 'there is another primary' };
    return { state: 'up', reason: undefined };
  }

  #whyBehind(node: ClusterNode, report: ServerReport): string | undefined {
    if (report.timeline !== this.timeline)
      return `follows timeline ${report.timeline}; ${this.timeline} exists`;
    // Without a primary nothing new can be missed.
    if (!this.writer) return undefined;
    if (!report.isReceiving) return 'receives nothing from the primary';
    const lagMs = this.lagMsOf(node);
    if (lagMs === undefined) return 'has not caught up yet';
    return lagMs > this.#maxLagMs ? `lags by up to ${Math.round(lagMs)} ms` : undefined;
  }

  lagMsOf({ caughtUpAtMs }: ClusterNode): number | undefined {
    return caughtUpAtMs === undefined ? undefined : this.#clock.monotonicMs() - caughtUpAtMs;
  }
}
