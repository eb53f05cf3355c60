import { manualClock } from '@unite/shared/testing';
import { memoryStore } from '../../src/store/memory-store';
import type { QuotaStore } from '../../src/store/store-types';

type Call = 'decide' | 'adjust' | 'read';

/** A store that is asked over a network, which a test breaks and stops; the counts are kept. */
export class WaywardStore implements QuotaStore {
  readonly isLocal = false;
  /** What was asked, with the subject. */
  readonly calls: string[] = [];
  /** Calls that fail instead of being answered. */
  readonly failures = new Map<Call, unknown>();
  /** Calls of it wait for `release`; they have taken effect then. */
  readonly held = new Set<Call>();
  readonly #waiting: (() => void)[] = [];
  readonly #store: QuotaStore;

  /** @param store without one, of a time that stands still */
  constructor(store: QuotaStore = memoryStore({ clock: manualClock() })) {
    this.#store = store;
  }

  decide: QuotaStore['decide'] = (call) => this.#answer('decide', call, () => this.#store.decide(call));
  adjust: QuotaStore['adjust'] = (call) => this.#answer('adjust', call, () => this.#store.adjust(call));
  read: QuotaStore['read'] = (call) => this.#answer('read', call, () => this.#store.read(call));
  settle: QuotaStore['settle'] = (call) => this.#store.settle(call);
  install: QuotaStore['install'] = (call) => this.#store.install(call);

  release(): void {
    for (const answer of this.#waiting.splice(0)) answer();
  }

  async #answer<Reply>(
    name: Call,
    { subject }: { readonly subject: string },
    ask: () => Reply | Promise<Reply>,
  ): Promise<Reply> {
    this.calls.push(`${name} ${subject}`);
    if (this.failures.has(name)) throw this.failures.get(name);
    const reply = await ask();
    if (this.held.has(name)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return reply;
  }
}
