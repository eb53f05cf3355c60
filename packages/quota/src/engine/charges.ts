import { maxAmount } from '../store/max-amount';
import type { StoreEvent, StoreLimit } from '../store/store-types';
import type { Use } from '../types';
import type { Part } from './ask';
import { amountsOf } from './decider';
import type { LimitSet } from './limit-set';
import { reusedKey } from './reused-key';
import type { StoreClock } from './store-clock';
import { StoreDown, type StoreGate } from './store-gate';

/** Periods that were missed before a charge is given up for now. */
const attemptsMax = 5;

/** What a charge came to. */
export interface Charged {
  /** By the store's clock. */
  readonly nowUs: number;
  /** Of the ledger; 0 without one. */
  readonly epoch: number;
}

/** Charges without asking the limits. */
export class Charges {
  readonly #gate: StoreGate;
  readonly #clock: StoreClock;
  readonly #limitless = new WeakMap<LimitSet, readonly StoreLimit[]>();

  constructor(gate: StoreGate, clock: StoreClock) {
    this.#gate = gate;
    this.#clock = clock;
  }

  /**
   * @param event takes effect once, however often it is tried; with a ledger, that one knows
   * @param usedAtMs an event is charged in the periods of then, and not where they are over
   * @returns nothing where the store has not the counts: what the ledger will know is in them when they are installed
   * @throws StoreDown, QuotaError `UNITE_QUOTA_KEY_REUSED`
   */
  async charge(part: Part, use: Use, event?: StoreEvent, usedAtMs?: number): Promise<Charged | undefined> {
    if (event && !part.isLedgered) return this.#chargeOnce(part, use, event, usedAtMs);
    const set = part.sets.at(this.#clock.nowMs());
    const { forStore: limits, keepMs } = set;
    const { subject, isLedgered } = part;
    const call = { subject, limits, amounts: amountsOf(set, use), isLedgered, keepMs };
    const reply = await this.#gate.ask((store) => store.adjust(call));
    return reply.outcome === 'read' ? reply : undefined;
  }

  /** A decision that nothing refuses: it alone notes an event. */
  async #chargeOnce(
    part: Part,
    use: Use,
    event: StoreEvent,
    usedAtMs: number | undefined,
  ): Promise<Charged | undefined> {
    const once = { ...event, id: part.idPrefix + event.id };
    for (const _ of Array.from({ length: attemptsMax })) {
      const set = part.sets.at(this.#clock.nowMs());
      const { keepMs } = set;
      const limits = this.#withoutCaps(set);
      const used = usedAtMs === undefined ? set : part.sets.at(usedAtMs);
      const amounts = amountsOf(set, use).map((amount, at) =>
        set.periods[at]?.startAtMs === used.periods[at]?.startAtMs ? amount : 0,
      );
      const call = { subject: part.subject, limits, amounts, isLedgered: false, keepMs };
      const reply = await this.#gate.ask((store) => store.decide({ ...call, event: once }));
      if (reply.outcome === 'decided') return reply;
      if (reply.outcome === 'reused') throw reusedKey();
      if (reply.outcome !== 'period') return undefined;
      this.#clock.correct(reply.nowUs);
    }
    throw new StoreDown(false, new Error('The store changes its time again and again'));
  }

  #withoutCaps(set: LimitSet): readonly StoreLimit[] {
    const known = this.#limitless.get(set);
    if (known) return known;
    const limitless = set.forStore.map((limit) => ({ ...limit, cap: maxAmount }));
    this.#limitless.set(set, limitless);
    return limitless;
  }
}
