import type { Clock } from '@unite/core';
import type { LedgerSpan, QuotaLedger } from '../ledger/ledger-types';
import type { Part } from './ask';
import type { Counts } from './counts';
import { isCurrent } from './limit-set';
import type { StoreClock } from './store-clock';
import { StoreDown, type StoreGate } from './store-gate';

/** Tenants whose counts are doubted, at most; beyond, the oldest are left as they are. */
const suspectsMax = 10_000;
/** Periods that may be missed. */
const attemptsMax = 3;
/** Between two tries, in milliseconds. */
const retryMs = 500;

/**
 * How the counts may be wrong: too high where a charge was refused or made twice, so that somebody may be refused for
 * nothing; else too low, so that nobody may pass before they are right.
 */
export type Doubt = 'too-high' | 'too-low';

interface Suspect {
  readonly part: Part;
  readonly tenantId: string;
  readonly doubt: Doubt;
}

/** Brings the store's counts back from the ledger, where they are missing or doubted. */
export class Rehydrator {
  readonly #ledger: QuotaLedger | undefined;
  readonly #gate: StoreGate;
  readonly #storeClock: StoreClock;
  readonly #clock: Clock;
  readonly #counts: Counts;
  readonly #running = new Map<string, Promise<void>>();
  readonly #suspects = new Map<string, Suspect>();
  readonly #closing = new AbortController();
  #clearing: Promise<void> | undefined;

  constructor(
    ledger: QuotaLedger | undefined,
    gate: StoreGate,
    clocks: { readonly store: StoreClock; readonly background: Clock },
    counts: Counts,
  ) {
    this.#ledger = ledger;
    this.#gate = gate;
    this.#storeClock = clocks.store;
    this.#clock = clocks.background;
    this.#counts = counts;
  }

  get suspects(): number {
    return this.#suspects.size;
  }

  /** How the store and the ledger may differ. */
  doubts(part: Part): Doubt | undefined {
    return this.#suspects.get(part.subject)?.doubt;
  }

  /** Notes that they may differ, and sees to it as soon as both can be asked. */
  suspect(part: Part, tenantId: string, doubt: Doubt = 'too-low'): void {
    if (!this.#ledger || !part.isLedgered || this.#closing.signal.aborted) return;
    const worse = this.doubts(part) ?? doubt;
    this.#suspects.delete(part.subject);
    this.#suspects.set(part.subject, { part, tenantId, doubt: worse === 'too-low' ? worse : doubt });
    const [oldest] = this.#suspects.keys();
    if (this.#suspects.size > suspectsMax && oldest !== undefined) {
      this.#suspects.delete(oldest);
      this.#counts.lost += 1;
    }
    this.#clearing ??= this.#clear().finally(() => {
      this.#clearing = undefined;
    });
  }

  /**
   * One at a time for each tenant and process; the ledger sees to the other processes.
   *
   * @throws StoreDown also where the ledger cannot be asked: without it nobody knows the counts
   */
  rehydrate(part: Part, tenantId: string): Promise<void> {
    const running = this.#running.get(part.subject);
    if (running) return running;
    const work = this.#rehydrate(part, tenantId).finally(() => this.#running.delete(part.subject));
    this.#running.set(part.subject, work);
    return work;
  }

  /** Tries once more, until `enough`. @returns how many are left, whose counts differ from the ledger */
  async close(enough: Promise<void>): Promise<number> {
    this.#closing.abort();
    await Promise.race([this.#clearAll(), enough]);
    const left = this.#suspects.size;
    this.#counts.lost += left;
    this.#suspects.clear();
    return left;
  }

  async #rehydrate(part: Part, tenantId: string): Promise<void> {
    // What is doubted from now on may not be in these sums.
    const suspected = this.#suspects.get(part.subject);
    try {
      let attemptsLeft = attemptsMax;
      while (!(await this.#rehydrateOnce(part, tenantId, attemptsLeft === 1))) attemptsLeft -= 1;
      if (this.#suspects.get(part.subject) === suspected) this.#suspects.delete(part.subject);
      this.#counts.rehydrations += 1;
    } catch (error) {
      throw error instanceof StoreDown ? error : new StoreDown(false, error);
    }
  }

  /**
   * The store's clock decides the period, and it is asked while the tenant is locked: with the sums of another one, what
   * was used in the store's would be forgotten.
   *
   * @param isLast a period may be so short that it is always over by then
   * @returns whether the counts were installed
   */
  async #rehydrateOnce(part: Part, tenantId: string, isLast: boolean): Promise<boolean> {
    const set = part.sets.at(this.#storeClock.nowMs());
    const spans: LedgerSpan[] = [];
    const spanOf = set.limits.map((limit, index) => {
      const period = set.periods[index];
      return period ? spans.push({ unit: limit.of, ...period }) - 1 : undefined;
    });
    const { subject } = part;
    const { forStore: limits, keepMs } = set;
    let isInstalled = true;
    await this.#ledger?.rehydrate(tenantId, spans, async (epoch, sums) => {
      const clock = await this.#gate.ask((store) => store.read({ subject, limits, isLedgered: false }));
      if (clock.outcome === 'read' && !isCurrent(set, clock.nowUs / 1_000)) {
        this.#storeClock.correct(clock.nowUs);
        isInstalled = isLast;
      }
      if (!isInstalled) return;
      const used = spanOf.map((at) => (at === undefined ? 0 : Math.max(0, sums[at] ?? 0)));
      await this.#gate.ask((store) => store.install({ subject, limits, epoch, used, keepMs }));
    });
    return isInstalled;
  }

  async #clear(): Promise<void> {
    while (this.#suspects.size > 0 && !this.#closing.signal.aborted) {
      await this.#clearAll();
      if (this.#suspects.size > 0) {
        await this.#clock.sleep(retryMs, this.#closing.signal).catch(() => undefined);
      }
    }
  }

  async #clearAll(): Promise<void> {
    for (const { part, tenantId } of [...this.#suspects.values()]) {
      await this.rehydrate(part, tenantId).catch(() => undefined);
    }
  }
}
