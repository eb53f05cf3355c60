import { QuotaError } from '../errors';
import type { AppendOutcome } from '../ledger/ledger-types';
import type { Append, Tell, Verdict } from './append-types';
import { TimeLimit, timeIsUp } from './time-limit';

/** How long what is busy waits before it is tried again. */
const pauseMs = 10;

/** Options of {@link AppendQueue}. */
export interface AppendQueueOptions {
  /** Tells of each what became of it. Never rejects. */
  readonly write: (batch: readonly Append[], tell: Tell) => Promise<void>;
  readonly maxQueuedEvents: number;
  readonly maxBatch: number;
  /** How long those that wait are waited for by others, unless there are enough; 0 for no longer than it takes. */
  readonly gatherMs: number;
  readonly timeoutMs: number;
}

interface Waiting extends Append {
  /** Ends the wait; later calls have no effect. */
  readonly settle: (result: AppendOutcome | Error) => void;
  isSettled: boolean;
}

/** Group commit: one batch is under way, and what comes meanwhile is the next. */
export class AppendQueue {
  readonly #options: AppendQueueOptions;
  /** In order of arrival; those whose time is up are still among them. */
  #queue: Waiting[] = [];
  #waiting = new Set<Waiting>();
  #isWriting = false;
  #isClosed = false;
  /** Ends the time in which others may come. */
  #stopGathering: (() => void) | undefined;
  readonly #whenDrained = new Set<() => void>();

  constructor(options: AppendQueueOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  append(append: Append): Promise<AppendOutcome> {
    const { maxQueuedEvents, timeoutMs } = this.#options;
    if (this.#isClosed) return refuse('UNITE_QUOTA_CLOSED', 'The ledger is closed');
    if (this.#waiting.size >= maxQueuedEvents)
      return refuse('UNITE_QUOTA_UNAVAILABLE', `${maxQueuedEvents} events wait for the ledger`);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => waiting.settle(timeIsUp(timeoutMs)), timeoutMs);
      const waiting: Waiting = {
        ...append,
        isSettled: false,
        settle: (result) => {
          waiting.isSettled = true;
          clearTimeout(timer);
          this.#remove(waiting);
          if (typeof result === 'string') resolve(result);
          else reject(result);
        },
      };
      this.#waiting.add(waiting);
      this.#enqueue([waiting]);
    });
  }

  async close(timeoutMs: number): Promise<void> {
    this.#isClosed = true;
    this.#stopGathering?.();
    if (this.#waiting.size === 0) return;
    const limit = new TimeLimit(timeoutMs);
    const drained = new Promise<void>((resolve) => this.#whenDrained.add(resolve));
    await limit.race(drained).catch(() => undefined);
    limit.end();
    for (const { settle } of this.#waiting)
      settle(new QuotaError('UNITE_QUOTA_UNAVAILABLE', 'The ledger was closed before it had answered'));
  }

  #remove(waiting: Waiting): void {
    this.#waiting.delete(waiting);
    if (this.#waiting.size === 0) for (const tell of this.#whenDrained) tell();
  }

  #enqueue(more: readonly Waiting[]): void {
    this.#queue.push(...more);
    if (this.#queue.length >= this.#options.maxBatch) this.#stopGathering?.();
    if (this.#isWriting) return;
    this.#isWriting = true;
    // What is appended in the same turn of the event loop goes together.
    setImmediate(() => void this.#writeAll());
  }

  async #gather(): Promise<void> {
    const { gatherMs, maxBatch } = this.#options;
    if (this.#isClosed || this.#queue.length >= maxBatch) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, gatherMs);
      this.#stopGathering = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#stopGathering = undefined;
  }

  async #writeAll(): Promise<void> {
    while (this.#queue.length > 0) {
      if (this.#options.gatherMs > 0) await this.#gather();
      const groups = groupById(this.#queue.splice(0, this.#options.maxBatch));
      if (groups.size === 0) continue;
      const busy: Waiting[] = [];
      await this.#options.write([...groups.keys()], (first, verdict) => {
        for (const waiting of groups.get(first as Waiting) ?? []) {
          const result = resultOf(waiting, first as Waiting, verdict);
          if (result === 'busy') busy.push(waiting);
          else waiting.settle(result);
        }
      });
      if (busy.length > 0) setTimeout(() => this.#enqueue(busy), pauseMs);
    }
    this.#isWriting = false;
  }
}

/** The first with its id is written; those that have the same are told by it. */
function groupById(batch: readonly Waiting[]): ReadonlyMap<Waiting, readonly Waiting[]> {
  const byId = new Map<string, Waiting[]>();
  for (const waiting of batch) {
    if (waiting.isSettled) continue;
    const id = `${waiting.event.tenantId}\0${waiting.event.id}`;
    const group = byId.get(id);
    if (group) group.push(waiting);
    else byId.set(id, [waiting]);
  }
  return new Map([...byId.values()].map((group) => [group[0] as Waiting, group]));
}

function resultOf(waiting: Waiting, first: Waiting, verdict: Verdict): AppendOutcome | 'busy' | Error {
  if (verdict.outcome === 'failed') return verdict.error;
  if (waiting === first) return verdict.outcome;
  if (!('fingerprint' in verdict)) return waiting.epoch === first.epoch ? verdict.outcome : 'busy';
  return waiting.event.fingerprint === verdict.fingerprint ? 'repeated' : 'reused';
}

function refuse(code: 'UNITE_QUOTA_CLOSED' | 'UNITE_QUOTA_UNAVAILABLE', message: string): Promise<never> {
  return Promise.reject(new QuotaError(code, message));
}
