import type { LedgerEventKind } from '../ledger/ledger-types';
import type { Admission, AdmissionParts } from './admission-types';
import type { Ask } from './ask';
import type { Effect } from './decider';
import { eventIdOf, eventOf, tenantPart } from './event-of';
import type { Outcomes } from './outcomes';
import { reusedKey } from './reused-key';
import type { StoreDown } from './store-gate';

/** Admits by the limits' policies while the store cannot be asked. */
export class OutageAdmissions {
  readonly #with: AdmissionParts;
  readonly #outcomes: Outcomes;

  constructor(parts: AdmissionParts, outcomes: Outcomes) {
    this.#with = parts;
    this.#outcomes = outcomes;
  }

  /** @throws QuotaError `UNITE_QUOTA_UNAVAILABLE` where a limit that is used is closed */
  async admit(outage: StoreDown, ask: Ask, kind: LedgerEventKind, effect: Effect): Promise<Admission> {
    const { fallback, counts, storeClock, rehydrator } = this.#with;
    // A store that answers too late has charged what is refused here.
    if (outage.wasSent) rehydrator.suspect(tenantPart(ask), ask.tenantId, 'too-high');
    const decision = fallback.decide(ask, effect);
    if (!decision) throw this.#outcomes.unavailable('The limits cannot be asked', outage);
    const atMs = storeClock.nowMs();
    if (!decision.allowed) {
      counts.denied += 1;
      return { decision, atMs, isInStore: false };
    }
    const isRepeated = await this.#writeDown(ask, kind, effect, atMs);
    counts.allowed += 1;
    if (isRepeated) return { decision: { ...decision, isRepeated }, atMs, isInStore: false };
    counts.admittedWithoutStore += 1;
    this.#owe(ask, outage.wasSent, atMs);
    this.#outcomes.publish(ask);
    return { decision, atMs, isInStore: false };
  }

  /** What no store has counted. @returns whether it was written down before */
  async #writeDown(ask: Ask, kind: LedgerEventKind, effect: Effect, atMs: number): Promise<boolean> {
    const { ledger, isDurable, recorder, counts } = this.#with;
    if (!ledger) return false;
    const event = eventOf(ask, kind, eventIdOf(ask, effect), Math.floor(atMs));
    const entry = { event, part: tenantPart(ask), epoch: undefined };
    if (!isDurable) {
      recorder.write(entry);
      return false;
    }
    const outcome = await recorder
      .append(entry)
      .catch((failure: unknown) => this.#outcomes.withoutLedger(failure, ask, entry));
    if (outcome !== 'reused') return outcome === 'repeated';
    counts.reusedIds += 1;
    throw reusedKey();
  }

  /** Limits that no ledger knows of are charged when the store is back. */
  #owe(ask: Ask, wasSent: boolean, atMs: number): void {
    const { arrears, recorder } = this.#with;
    const owing = ask.parts.filter(({ isLedgered }) => !isLedgered);
    if (!wasSent) arrears.add(owing, ask.use, atMs);
    else if (owing.length > 0) recorder.lose({ amounts: ask.use }, 'uncertain');
  }
}
