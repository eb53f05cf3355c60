import { outsideOfRequests } from '@unite/shared';
import type { ClusterNode } from '../node/cluster-node';
import { askServer, type ServerReport } from '../node/server-report';
import type { Settings } from '../settings';
import type { Topology } from './topology';

/** While there is no primary, everyone is asked this often; the pause grows from the first to the second. */
const firstPollMs = 50;
const longestPollMs = 250;
/** Slowly: most promotions are a matter of seconds, and the first write waits for half a pause on average. */
const pollGrowth = 1.03;
/** How often a node that is down, or of no use, is tried; the pause doubles. */
const firstRetryMs = 100;
const longestRetryMs = 2_000;
/** A replica on which a query stalls has this share of the time to answer, so that it is out within a second. */
const suspectedShare = 0.6;
/** How soon a replica that lags is looked at again. */
const behindMs = 250;

interface Schedule {
  nextAtMs: number;
  retryMs: number;
  /** The question under way. */
  asking: Promise<void> | undefined;
}

/** Asks the nodes what they are: now and then, at once when one is suspected, and all the time while there is no primary. */
export class Monitor {
  readonly #topology: Topology;
  readonly #settings: Settings;
  readonly #schedules = new Map<ClusterNode, Schedule>();
  /** The request that is the first to ask would be kept for ever, and every check would be in its trace. */
  readonly #outsideOfRequests = outsideOfRequests();
  #pollMs = firstPollMs;
  #isRunning = false;
  #isClosed = false;
  #sleep = new AbortController();

  constructor(topology: Topology, settings: Settings) {
    this.#topology = topology;
    this.#settings = settings;
  }

  /** Begins at the first use: constructing a cluster opens nothing. */
  start(): void {
    if (this.#isRunning || this.#isClosed) return;
    this.#isRunning = true;
    void this.#outsideOfRequests(() => this.#run());
  }

  /** Asks a node at once, unless that is being done. A replica is given less time than the primary, whose loss costs more. */
  suspect(node: ClusterNode): Promise<void> {
    const { probeTimeoutMs } = this.#settings;
    return this.#ask(node, node === this.#topology.writer ? probeTimeoutMs : probeTimeoutMs * suspectedShare);
  }

  /** Begins to poll after the primary was lost. */
  hurry(): void {
    this.#pollMs = firstPollMs;
    for (const node of this.#topology.nodes) this.#scheduleOf(node).nextAtMs = 0;
    this.#sleep.abort();
  }

  /** Looks at a node's position over the kept connection and no more. */
  async lookAt(node: ClusterNode): Promise<ServerReport> {
    const askedAtMs = this.#nowMs();
    try {
      const report = await node.control.ask(askServer, this.#settings.probeTimeoutMs);
      const { observation } = node;
      if (observation?.isUp) this.#topology.observe(node, { ...observation, report }, askedAtMs);
      return report;
    } catch (error) {
      void this.suspect(node);
      throw error;
    }
  }

  forget(node: ClusterNode): void {
    this.#schedules.delete(node);
  }

  close(): void {
    this.#isClosed = true;
    this.#sleep.abort();
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      const nowMs = this.#nowMs();
      let nextAtMs = nowMs + this.#settings.healthCheckEveryMs;
      for (const node of this.#topology.nodes) {
        const schedule = this.#scheduleOf(node);
        if (schedule.asking) continue;
        if (schedule.nextAtMs <= nowMs) void this.#ask(node);
        else nextAtMs = Math.min(nextAtMs, schedule.nextAtMs);
      }
      this.#sleep = new AbortController();
      await this.#settings.clock.sleep(nextAtMs - nowMs, this.#sleep.signal).catch(() => undefined);
    }
  }

  #ask(node: ClusterNode, timeoutMs = this.#settings.probeTimeoutMs): Promise<void> {
    const schedule = this.#scheduleOf(node);
    schedule.asking ??= this.#askOnce(node, schedule, timeoutMs);
    return schedule.asking;
  }

  async #askOnce(node: ClusterNode, schedule: Schedule, timeoutMs: number): Promise<void> {
    const askedAtMs = this.#nowMs();
    // While everything waits for a primary, the kept connection alone answers soonest. It cannot tell when a
    // node that took no new connections takes them again.
    const isHurried = node.observation?.isUp && node.observation.acceptsConnections && !this.#topology.writer;
    try {
      const { report, acceptsConnections = true } = isHurried
        ? await node.control.probeQuickly(timeoutMs)
        : await node.control.probe(timeoutMs);
      if (this.#isClosed) return;
      this.#topology.observe(node, { isUp: true, report, acceptsConnections }, askedAtMs);
    } catch (error) {
      if (!this.#isClosed) this.#topology.observe(node, { isUp: false, error }, askedAtMs);
    } finally {
      schedule.asking = undefined;
      // A read that was lost while it was being asked is asked about at once.
      schedule.nextAtMs = this.#nowMs() + (node.isInDoubt ? 0 : this.#pauseOf(node, schedule));
      this.#sleep.abort();
    }
  }

  #pauseOf(node: ClusterNode, schedule: Schedule): number {
    const { healthCheckEveryMs, random } = this.#settings;
    const jitter = 0.9 + 0.2 * random();
    if (!this.#topology.writer) {
      this.#pollMs = Math.min(this.#pollMs * pollGrowth, longestPollMs);
      return this.#pollMs * jitter;
    }
    const { state } = this.#topology.stateOf(node);
    if (state === 'up' || state === 'behind') {
      schedule.retryMs = firstRetryMs;
      return (state === 'up' ? healthCheckEveryMs : Math.min(behindMs, healthCheckEveryMs)) * jitter;
    }
    // One that is of no use may still answer, such as an old primary.
    const pauseMs = Math.min(schedule.retryMs, healthCheckEveryMs) * jitter;
    schedule.retryMs = Math.min(schedule.retryMs * 2, longestRetryMs);
    return pauseMs;
  }

  #scheduleOf(node: ClusterNode): Schedule {
    let schedule = this.#schedules.get(node);
    if (!schedule) {
      schedule = { nextAtMs: 0, retryMs: firstRetryMs, asking: undefined };
      this.#schedules.set(node, schedule);
    }
    return schedule;
  }

  #nowMs(): number {
    return this.#settings.clock.monotonicMs();
  }
}
