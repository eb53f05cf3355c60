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

type Listener = (interrupted: Interrupted) => void;

/** One call of the application from its start to its end, with all its waiting and its attempts. */
export class Operation {
  readonly kind: 'read' | 'write' | 'borrow';
  /** On the monotonic clock, like the deadline. */
  readonly startedAtMs: number;
  readonly deadlineAtMs: number;
  readonly signal: AbortSignal | undefined;
  /** Whose answer is being waited for. */
  node: ClusterNode | undefined = undefined;
  /** Ticks until a node that does not answer is asked how it is. */
  ticksToLook = 0;
  nextTicksToLook = 0;
  /** What subscribers are told about it. */
  message: QueryMessage | undefined = undefined;
  #interrupted: Interrupted | undefined = undefined;
  // One listener is the rule, and a set for one costs more than the rest of the object.
  #listener: Listener | undefined = undefined;
  #more: Set<Listener> | undefined = undefined;

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
    this.#listener?.(this.#interrupted);
    for (const listener of this.#more ?? []) listener(this.#interrupted);
  }

  /** For what is held between two stages, such as a borrowed connection. */
  whenInterrupted(listener: Listener): void {
    if (!this.#listener) this.#listener = listener;
    else {
      this.#more ??= new Set();
      this.#more.add(listener);
    }
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

  /** For the last moment before something is sent. @throws Interrupted */
  throwIfInterrupted(): void {
    if (this.#interrupted) throw this.#interrupted;
  }

  /**
   * What `work` brings, or {@link Interrupted} at once. `work` itself goes on.
   *
   * @param tooLate takes what `work` brings after an interruption
   */
  race<Result>(work: Promise<Result>, tooLate?: (result: Result) => void): Promise<Result> {
    return this.await((resolve, reject) => void work.then(resolve, reject), tooLate);
  }

  /** The same for work that tells by callback, which spares every query the promises in between. */
  await<Result>(
    work: (resolve: (result: Result) => void, reject: (error: unknown) => void) => void,
    tooLate?: (result: Result) => void,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      let isOver = false;
      const listener: Listener = (interrupted) => {
        isOver = true;
        reject(interrupted);
      };
      if (this.#interrupted) listener(this.#interrupted);
      else this.whenInterrupted(listener);
      work(
        (result) => {
          this.#forget(listener);
          if (isOver) tooLate?.(result);
          else resolve(result);
        },
        (error: unknown) => {
          this.#forget(listener);
          reject(error);
        },
      );
    });
  }

  #forget(listener: Listener): void {
    if (this.#listener === listener) this.#listener = undefined;
    else this.#more?.delete(listener);
  }
}
