import { outsideOfRequests, warnOnce } from '@unite/shared';
import { checkNodes } from '../check-cluster-options';
import { reasonOf } from '../classify-error';
import type { ClusterNode } from '../node/cluster-node';
import type { Settings } from '../settings';
import type { NodeDiscovery, NodeOptions } from '../types';
import type { Monitor } from './monitor';
import type { Topology } from './topology';

const firstRetryMs = 250;
/** How long a node that left may finish what it is doing. */
const goodbyeMs = 10_000;

/** Keeps the nodes as a {@link NodeDiscovery} names them. */
export class Discovery {
  readonly #source: NodeDiscovery;
  readonly #createNode: (options: NodeOptions) => ClusterNode;
  readonly #topology: Topology;
  readonly #monitor: Monitor;
  readonly #settings: Settings;
  readonly #stop = new AbortController();
  /** As for the checks of the nodes: no request is to be kept, or traced, for it. */
  readonly #outsideOfRequests = outsideOfRequests();
  #sleep = new AbortController();
  #isRunning = false;

  constructor(
    source: NodeDiscovery,
    createNode: (options: NodeOptions) => ClusterNode,
    topology: Topology,
    monitor: Monitor,
    settings: Settings,
  ) {
    this.#source = source;
    this.#createNode = createNode;
    this.#topology = topology;
    this.#monitor = monitor;
    this.#settings = settings;
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#outsideOfRequests(() => this.#run());
  }

  /** Looks again at once: a member that took over may not have been among the nodes. */
  hurry(): void {
    this.#sleep.abort();
  }

  close(): void {
    this.#stop.abort();
    this.#sleep.abort();
  }

  async #run(): Promise<void> {
    const { clock, healthCheckEveryMs, random } = this.#settings;
    let retryMs = firstRetryMs;
    while (!this.#stop.signal.aborted) {
      const isKnown = await this.#look();
      const pauseMs = (isKnown ? healthCheckEveryMs : retryMs) * (0.9 + 0.2 * random());
      retryMs = isKnown ? firstRetryMs : Math.min(retryMs * 2, healthCheckEveryMs);
      this.#sleep = new AbortController();
      await clock.sleep(pauseMs, this.#sleep.signal).catch(() => undefined);
    }
  }

  async #look(): Promise<boolean> {
    try {
      const found = await this.#source.discover(this.#stop.signal);
      checkNodes('discover()', found, this.#settings.ssl !== undefined);
      // A cluster without nodes is one of which its source knows nothing.
      if (found.length === 0) throw new Error('discover() named no node');
      if (!this.#stop.signal.aborted) this.#adopt(found);
      return true;
    } catch (error) {
      if (this.#stop.signal.aborted) return false;
      const reason = reasonOf(error);
      this.#topology.discoveryFailure = reason;
      warnOnce(
        'UNITE_DB_DISCOVERY_FAILED',
        `The nodes of the database cluster could not be found: ${reason}`,
      );
      return false;
    }
  }

  #adopt(found: readonly NodeOptions[]): void {
    const known = new Map(this.#topology.nodes.map((node) => [node.options.url, node]));
    const nodes = found.map((options) => known.get(options.url) ?? this.#createNode(options));
    const left = this.#topology.nodes.filter((node) => !nodes.includes(node));
    if (left.length === 0 && nodes.length === known.size) return;
    this.#topology.setNodes(nodes);
    for (const node of left) {
      this.#monitor.forget(node);
      void node.close(goodbyeMs);
    }
    this.#monitor.hurry();
  }
}
