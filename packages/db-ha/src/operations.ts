import type { Clock } from '@unite/core';
import type { ClusterNode } from './node/cluster-node';
import { type Interruption, Operation } from './operation';

/** How often running operations are looked at. One timer for all costs less than one each. */
const tickMs = 25;
/** A query that takes this many ticks has its node asked how it is; then again after twice as many, and so on. */
const stallTicks = 6;
/** How long operations that were cut off at the end may take to hear what became of their statements. */
const settleMs = 1_000;
/** A timer of Node that is set for longer goes off at once. */
const longestMs = 2_147_483_647;

/** All operations of a cluster: their deadlines, their stalls and, at the end, their drain. */
export class Operations {
  readonly #clock: Clock;
  readonly #onStall: (node: ClusterNode) => void;
  readonly #running = new Set<Operation>();
  #isTicking = false;
  #whenIdle: (() => void) | undefined;

  constructor(clock: Clock, onStall: (node: ClusterNode) => void) {
    this.#clock = clock;
    this.#onStall = onStall;
  }

  begin(kind: Operation['kind'], timeoutMs: number, signal: AbortSignal | undefined): Operation {
    const nowMs = this.#clock.monotonicMs();
    const operation = new Operation(kind, nowMs, nowMs + timeoutMs, signal);
    this.#running.add(operation);
    if (!this.#isTicking) void this.#tick();
    return operation;
  }

  end(operation: Operation): void {
    this.#running.delete(operation);
    if (this.#running.size === 0) this.#whenIdle?.();
  }

  /** Marks that an answer of `node` is being waited for. */
  waitFor(operation: Operation, node: ClusterNode): void {
    operation.node = node;
    operation.ticksToLook = stallTicks;
    operation.nextTicksToLook = stallTicks;
  }

  stopWaiting(operation: Operation): void {
    operation.node = undefined;
  }

  /** Interrupts what waits for a node that will not answer. */
  interrupt(node: ClusterNode, kind: 'read' | 'all', interruption: Interruption, cause: unknown): void {
    for (const operation of this.#running) {
      if (operation.node === node && (kind === 'all' || operation.kind === 'read'))
        operation.interrupt(interruption, cause);
    }
  }

  /**
   * Waits until nothing runs; what still does at the end is interrupted and counted, and has a moment to
   * cancel what it sent.
   */
  async drain(timeoutMs: number): Promise<number> {
    await this.#idle(timeoutMs);
    const aborted = this.#running.size;
    for (const operation of this.#running) operation.interrupt('closed');
    await this.#idle(settleMs);
    return aborted;
  }

  async #idle(timeoutMs: number): Promise<void> {
    if (this.#running.size === 0) return;
    const idle = new Promise<void>((resolve) => {
      this.#whenIdle = resolve;
    });
    const timer = new AbortController();
    const patience = this.#clock.sleep(Math.min(timeoutMs, longestMs), timer.signal);
    await Promise.race([idle, patience.catch(() => undefined)]);
    timer.abort();
  }

  async #tick(): Promise<void> {
    this.#isTicking = true;
    while (this.#running.size > 0) {
      await this.#clock.sleep(tickMs);
      const nowMs = this.#clock.monotonicMs();
      for (const operation of this.#running) this.#look(operation, nowMs);
    }
    this.#isTicking = false;
  }

  #look(operation: Operation, nowMs: number): void {
    if (operation.signal?.aborted) operation.interrupt('aborted', operation.signal.reason);
    else if (nowMs >= operation.deadlineAtMs) operation.interrupt('deadline');
    else if (operation.node && --operation.ticksToLook <= 0) {
      operation.nextTicksToLook *= 2;
      operation.ticksToLook = operation.nextTicksToLook;
      this.#onStall(operation.node);
    }
  }
}
