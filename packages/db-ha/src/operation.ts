import type { Clock } from '@unite/core';
import type { QueryMessage } from './channel-types';
import type { ClusterNode } from './node/cluster-node';

/** Why an operation was stopped from outside. */
export type Interruption = 'deadline' | 'aborted' | 'lost' | 'fenced' | 'closed';

/** Thrown by {@link Operation.race}; whoever knows what had been sent makes an error for the caller of it. */
export class Interrupted extends Error {
  readonly interruption: Interruption;

  constructor(interruption: Interruption, options?: ErrorOptions) {
    super(`interrupted: ${interruption}`, options);
    this.interruption = interruption;
  }
}

/** One call of the application from its start to its end, with all its waiting and its attempts. */
export class Operation {
  readonly kind: 'read' | 'write' | 'borrow';
  readonly startedAtMs: number;
  /** On the monotonic clock. */
  readonly deadlineAtMs: number;
  readonly signal: AbortSignal | undefined;
  /** Where an answer is being waited for. */
  node: ClusterNode | undefined;
  /** What subscribers are told about it. */
  message: QueryMessage | undefined;
  /** When the stage that now runs is to be looked at again: a stalled one has its node asked. */
  lookAtMs = Number.POSITIVE_INFINITY;
  lookAfterMs = 0;
  #interrupted: Interrupted | undefined;
  readonly #listeners = new Set<(interrupted: Interrupted) => void>();

  constructor(
    kind: Operation['kind'],
    startedAtMs: number,
    deadlineAtMs: number,
    signal: AbortSignal | undefined,
  ) {
    this.kind = kind;
    this.startedAtMs = startedAtMs;
    this.deadlineAtMs = deadlineAtMs;
    this.signal = signal;
  }

  /** The first interruption counts. */
  interrupt(interruption: Interruption, cause?: unknown): void {
    if (this.#interrupted) return;
    this.#interrupted = new Interrupted(interruption, cause === undefined ? undefined : { cause });
    for (const listener of this.#listeners) listener(this.#interrupted);
  }

  /** For what is held between two stages, such as a borrowed connection. */
  whenInterrupted(listener: (interrupted: Interrupted) => void): void {
    this.#listeners.add(listener);
  }

  /** Whether another attempt may be made. */
  get canGoOn(): boolean {
    const interruption = this.#interrupted?.interruption;
    return interruption === undefined || interruption === 'lost' || interruption === 'fenced';
  }

  /** An attempt elsewhere may begin after a node was lost; whoever ran out of time stays interrupted. */
  forgiveLoss(): void {
    if (this.canGoOn) this.#interrupted = undefined;
  }

  /** What `work` brings, or {@link Interrupted} at once; `work` itself goes on and is the caller's to end. */
  race<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#interrupted) reject(this.#interrupted);
      this.#listeners.add(reject);
      work.then(
        (result) => {
          this.#listeners.delete(reject);
          resolve(result);
        },
        (error: unknown) => {
          this.#listeners.delete(reject);
          reject(error);
        },
      );
    });
  }
}

/** How often running operations are looked at. One timer for all costs less than one each. */
const tickMs = 25;
/** A query that takes this long has its node asked whether it is alive; then again after twice as long, and so on. */
const stallMs = 200;

/** All operations of a cluster: their deadlines, their stalls and, at the end, their drain. */
export class Operations {
  readonly #clock: Clock;
  readonly #onStall: (node: ClusterNode) => void;
  readonly #running = new Set<Operation>();
  #ticking = false;
  #whenIdle: (() => void) | undefined;

  constructor(clock: Clock, onStall: (node: ClusterNode) => void) {
    this.#clock = clock;
    this.#onStall = onStall;
  }

  get size(): number {
    return this.#running.size;
  }

  begin(kind: Operation['kind'], timeoutMs: number, signal: AbortSignal | undefined): Operation {
    const nowMs = this.#clock.monotonicMs();
    const operation = new Operation(kind, nowMs, nowMs + timeoutMs, signal);
    this.#running.add(operation);
    if (!this.#ticking) void this.#tick();
    return operation;
  }

  end(operation: Operation): void {
    this.#running.delete(operation);
    if (this.#running.size === 0) this.#whenIdle?.();
  }

  /** Marks that an answer of `node` is being waited for. */
  waitFor(operation: Operation, node: ClusterNode): void {
    operation.node = node;
    operation.lookAfterMs = stallMs;
    operation.lookAtMs = this.#clock.monotonicMs() + stallMs;
  }

  stopWaiting(operation: Operation): void {
    operation.node = undefined;
    operation.lookAtMs = Number.POSITIVE_INFINITY;
  }

  /** Interrupts what waits for a node that will not answer. */
  interrupt(node: ClusterNode, kind: 'read' | 'all', interruption: Interruption, cause: unknown): void {
    for (const operation of this.#running) {
      if (operation.node === node && (kind === 'all' || operation.kind === 'read'))
        operation.interrupt(interruption, cause);
    }
  }

  /** Waits until nothing runs; what still does at the end is interrupted and counted. */
  async drain(timeoutMs: number): Promise<number> {
    if (this.#running.size > 0) {
      const idle = new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
      const timer = new AbortController();
      await Promise.race([idle, this.#clock.sleep(timeoutMs, timer.signal).catch(() => undefined)]);
      timer.abort();
    }
    const aborted = this.#running.size;
    for (const operation of this.#running) operation.interrupt('closed');
    return aborted;
  }

  async #tick(): Promise<void> {
    this.#ticking = true;
    while (this.#running.size > 0) {
      await this.#clock.sleep(tickMs);
      const nowMs = this.#clock.monotonicMs();
      for (const operation of this.#running) this.#look(operation, nowMs);
    }
    this.#ticking = false;
  }

  #look(operation: Operation, nowMs: number): void {
    if (operation.signal?.aborted) operation.interrupt('aborted', operation.signal.reason);
    else if (nowMs >= operation.deadlineAtMs) operation.interrupt('deadline');
    else if (nowMs >= operation.lookAtMs && operation.node) {
      operation.lookAfterMs *= 2;
      operation.lookAtMs = nowMs + operation.lookAfterMs;
      this.#onStall(operation.node);
    }
  }
}
