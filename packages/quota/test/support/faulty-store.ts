import { QuotaError } from '../../src/errors';
import { type MemoryStore, memoryStore } from '../../src/store/memory-store';
import type { QuotaStore } from '../../src/store/store-types';

type Method = 'decide' | 'settle' | 'adjust' | 'read' | 'install';
interface Call {
  readonly method: Method;
  readonly subject: string;
}
/**
 * - `fail`: does nothing and rejects
 * - `lose`: does it and rejects, as when the answer is lost
 * - `hang`: does it when `resume` is called
 * - `unknown`: has lost the subject's counts
 */
export type Fault = 'fail' | 'lose' | 'hang' | 'unknown' | undefined;

/** Enough here: room is taken up front, and properties open a thousand stores. */
const maxSubjects = 1_000;

/** A memory store that behaves as one on another machine, and goes wrong when it is told to. */
export class FaultyStore implements QuotaStore {
  readonly isLocal = false;
  readonly calls: Call[] = [];
  /** What happens to a call. */
  fault: (call: Call) => Fault = () => undefined;
  failure: unknown = new QuotaError('UNITE_QUOTA_UNAVAILABLE', 'no store');
  isClosed = false;
  readonly #clock: { wallMs(): number; monotonicMs(): number };
  #inner: MemoryStore;
  #hanging: (() => void)[] = [];

  constructor(clock: {
    wallMs(): number;
    monotonicMs(): number;
    sleep(ms: number, signal?: AbortSignal): Promise<void>;
  }) {
    this.#clock = clock;
    this.#inner = memoryStore({ clock, maxSubjects });
  }

  readonly decide: QuotaStore['decide'] = (call) => this.#do('decide', call, () => this.#inner.decide(call));
  readonly settle: QuotaStore['settle'] = (call) => this.#do('settle', call, () => this.#inner.settle(call));
  readonly adjust: QuotaStore['adjust'] = (call) => this.#do('adjust', call, () => this.#inner.adjust(call));
  readonly read: QuotaStore['read'] = (call) => this.#do('read', call, () => this.#inner.read(call));
  readonly install: QuotaStore['install'] = (call) =>
    this.#do('install', call, () => this.#inner.install(call));

  /** All that hangs goes on. */
  resume(): void {
    for (const go of this.#hanging.splice(0)) go();
  }

  /** Everything is forgotten, as by a restart without a disk. */
  loseAll(): void {
    this.#inner = memoryStore({ clock: { ...this.#clock, sleep: async () => undefined }, maxSubjects });
  }

  count(method: Method, subject?: string): number {
    return this.calls.filter((call) => call.method === method && (!subject || call.subject === subject))
      .length;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  async #do<Reply>(method: Method, { subject }: { subject: string }, work: () => Reply): Promise<Reply> {
    const call = { method, subject };
    this.calls.push(call);
    const fault = this.fault(call);
    if (fault === 'hang') await new Promise<void>((resolve) => this.#hanging.push(resolve));
    if (fault === 'fail') throw this.failure;
    if (fault === 'unknown') return { outcome: 'unknown' } as Reply;
    const reply = work();
    if (fault === 'lose') throw this.failure;
    return reply;
  }
}
