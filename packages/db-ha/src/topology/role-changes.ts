import type { ChangeMessage } from '../channel-types';
import { changeChannel } from '../channels';
import type { Counts } from '../counts';
import type { ClusterNode } from '../node/cluster-node';
import type { Operations } from '../operations';
import type { WriterGate } from '../write/writer-gate';
import type { Discovery } from './discovery';
import type { Monitor } from './monitor';
import type { Topology, TopologyChange } from './topology';

/** What {@link RoleChanges} acts on. */
export interface RoleChangesOptions {
  readonly cluster: string;
  readonly topology: Topology;
  readonly monitor: Monitor;
  readonly discovery: Discovery | undefined;
  readonly operations: Operations;
  readonly gate: WriterGate;
  readonly counts: Counts;
}

/** What follows when a node comes, goes, or takes another role. */
export class RoleChanges {
  readonly #options: RoleChangesOptions;
  /** Outlasts the time without a primary. */
  #lastWriter: ClusterNode | undefined;

  constructor(options: RoleChangesOptions) {
    this.#options = options;
  }

  handle({ node, from, to, writer }: TopologyChange): void {
    const { operations, gate } = this.#options;
    if (to === 'down') {
      const { observation } = node;
      operations.interrupt(node, 'read', 'lost', observation?.isUp === false ? observation.error : undefined);
      node.retire();
    } else if (to === 'fenced' || to === 'foreign') {
      this.#fence(node);
    } else if (to === 'up' && from !== 'unknown') {
      node.breaker.startSlowly();
    }
    if (writer) this.#follow(writer.before, writer.now);
    gate.pump();
    this.#tell({ node, from, to, writer });
  }

  #follow(before: ClusterNode | undefined, now: ClusterNode | undefined): void {
    const { monitor, discovery, gate, counts } = this.#options;
    if (!now) {
      monitor.hurry();
      discovery?.hurry();
      this.#lastWriter ??= before;
      return;
    }
    const last = before ?? this.#lastWriter;
    this.#lastWriter = now;
    if (!last || last === now) return;
    counts.failovers += 1;
    gate.begin();
    this.#fence(last);
  }

  /** What the node may still do counts for nothing any more. */
  #fence(node: ClusterNode): void {
    this.#options.operations.interrupt(node, 'all', 'fenced', undefined);
    node.cutOff(new Error(`${node.name} was replaced as the primary`));
  }

  #tell({ node, from, to, writer }: TopologyChange): void {
    if (!changeChannel?.hasSubscribers) return;
    const message: ChangeMessage = {
      cluster: this.#options.cluster,
      node: node.name,
      from,
      to,
      reason: this.#options.topology.stateOf(node).reason,
      primary: writer && { before: writer.before?.name, now: writer.now?.name },
    };
    changeChannel.publish(message);
  }
}
