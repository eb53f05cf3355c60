import type { LedgerEventKind } from '../ledger/ledger-types';
import type { Admission, AdmissionParts } from './admission-types';
import type { Ask } from './ask';
import { amountsOf, type Effect, type PartAnswer } from './decider';
import { toDecision } from './decision';
import { eventIdOf, eventOf, once, tenantPart } from './event-of';
import { LedgerAdmissions } from './ledger-admissions';
import { OutageAdmissions } from './outage-admissions';
import type { Outcomes } from './outcomes';
import { StoreDown } from './store-gate';

/** Doubts that come anew while counts are brought back. */
const attemptsMax = 5;

const fromMemory = { by: 'denial', isRepeated: false } as const;

/** Decides, charges and writes down. */
export class Admissions {
  readonly #with: AdmissionParts;
  readonly #outcomes: Outcomes;
  readonly #inLedger: LedgerAdmissions;
  readonly #inOutage: OutageAdmissions;

  constructor(parts: AdmissionParts, outcomes: Outcomes) {
    this.#with = parts;
    this.#outcomes = outcomes;
    this.#inLedger = new LedgerAdmissions(parts, outcomes);
    this.#inOutage = new OutageAdmissions(parts, outcomes);
  }

  /** @throws QuotaError `UNITE_QUOTA_UNAVAILABLE`, `UNITE_QUOTA_KEY_REUSED` */
  admit(ask: Ask, kind: LedgerEventKind, effect: Effect): Admission | Promise<Admission> {
    const denial = ask.key === undefined ? this.#denied(ask) : undefined;
    if (denial) return denial;
    try {
      const admission = this.#with.ledger
        ? this.#onTheLedger(ask, kind, effect)
        : this.#inStore(ask, kind, effect);
      return admission instanceof Promise ? this.#caught(admission, ask, kind, effect) : admission;
    } catch (error) {
      return this.#afterFailure(error, ask, kind, effect);
    }
  }

  #denied(ask: Ask): Admission | undefined {
    const { denials, storeClock, plans, counts, refused } = this.#with;
    if (denials.isEmpty) return undefined;
    const nowMs = storeClock.nowMs();
    for (const { subject, sets } of ask.parts) {
      const set = sets.at(nowMs);
      const asked = denials.find(subject, set, amountsOf(set, ask.use), nowMs * 1_000);
      if (!asked) continue;
      counts.denied += 1;
      counts.deniedFromMemory += 1;
      refused.note(ask, nowMs);
      const decision = toDecision([asked], ask.plan, plans, fromMemory);
      return { decision, atMs: nowMs, isInStore: false };
    }
    return undefined;
  }

  /** Counted by the store; the ledger follows. */
  #inStore(ask: Ask, kind: LedgerEventKind, effect: Effect): Admission | Promise<Admission> {
    const answers = this.#with.decider.decide(ask, once(ask, effect));
    if (answers instanceof Promise) return this.#countedSoon(ask, kind, effect, answers);
    return this.#counted(ask, kind, effect, answers);
  }

  #countedSoon(ask: Ask, kind: LedgerEventKind, effect: Effect, answers: Promise<readonly PartAnswer[]>) {
    return answers.then((found) => this.#counted(ask, kind, effect, found));
  }

  #counted(ask: Ask, kind: LedgerEventKind, effect: Effect, answers: readonly PartAnswer[]): Admission {
    const admission = this.#outcomes.noted(ask, answers, this.#outcomes.admission(ask, answers));
    const { allowed, isRepeated } = admission.decision;
    if (!this.#with.ledger || !allowed || isRepeated) return admission;
    const event = eventOf(ask, kind, eventIdOf(ask, effect), admission.atMs);
    this.#with.recorder.write({ event, part: tenantPart(ask), epoch: answers[0]?.reply.epoch });
    return admission;
  }

  /** Nobody passes on counts that are known to be too low, or is refused because of what was granted to nobody. */
  async #onTheLedger(ask: Ask, kind: LedgerEventKind, effect: Effect): Promise<Admission> {
    const { rehydrator, isDurable, denials, counts } = this.#with;
    const part = tenantPart(ask);
    let attemptsLeft = attemptsMax;
    while (attemptsLeft > 0 && rehydrator.doubts(part) === 'too-low') {
      attemptsLeft -= 1;
      await rehydrator.rehydrate(part, ask.tenantId);
    }
    const decide = () =>
      isDurable ? this.#inLedger.admit(ask, kind, effect) : this.#inStore(ask, kind, effect);
    const admission = await decide();
    if (admission.decision.allowed || rehydrator.doubts(part) === undefined) return admission;
    await rehydrator.rehydrate(part, ask.tenantId);
    denials.forget(part.subject);
    counts.denied -= 1;
    return decide();
  }

  #caught(admission: Promise<Admission>, ask: Ask, kind: LedgerEventKind, effect: Effect) {
    return admission.catch((error: unknown) => this.#afterFailure(error, ask, kind, effect));
  }

  async #afterFailure(error: unknown, ask: Ask, kind: LedgerEventKind, effect: Effect): Promise<Admission> {
    if (error instanceof StoreDown) return this.#inOutage.admit(error, ask, kind, effect);
    throw this.#outcomes.mistake(error);
  }
}
