import type { LedgerEventKind } from '../ledger/ledger-types';
import type { Admission, AdmissionParts } from './admission-types';
import type { Ask } from './ask';
import type { Effect, PartAnswer } from './decider';
import { eventIdOf, eventOf, tenantPart } from './event-of';
import type { Outcomes } from './outcomes';
import { reusedKey } from './reused-key';
import { StoreDown } from './store-gate';

/** Counts that are replaced while one is decided. */
const attemptsMax = 5;
/** Nothing is written under it: the ledger says whether the event is there. */
const noEpoch = 0;

/** Admits what the store has counted and the ledger has written. */
export class LedgerAdmissions {
  readonly #with: AdmissionParts;
  readonly #outcomes: Outcomes;

  constructor(parts: AdmissionParts, outcomes: Outcomes) {
    this.#with = parts;
    this.#outcomes = outcomes;
  }

  /**
   * Counted by the store, then written down before it is acknowledged. Where the counts were replaced meanwhile the
   * ledger refuses it, and it is decided anew. The ledger alone knows of repetitions: the store may have lost them.
   *
   * @throws StoreDown
   */
  async admit(ask: Ask, kind: LedgerEventKind, effect: Effect): Promise<Admission> {
    const { decider, recorder, rehydrator, counts } = this.#with;
    const part = tenantPart(ask);
    const id = eventIdOf(ask, effect);
    let staleEpoch: number | undefined;
    for (const _ of Array.from({ length: attemptsMax })) {
      const answers = await decider.decide(ask, effect);
      const admission = this.#outcomes.admission(ask, answers);
      if (!admission.decision.allowed) return this.#refused(ask, kind, id, answers, admission);
      const epoch = answers[0]?.reply.epoch;
      const entry = { event: eventOf(ask, kind, id, admission.atMs), part, epoch };
      const outcome = await recorder.append(entry).catch((error: unknown) => {
        rehydrator.suspect(part, ask.tenantId, 'too-high');
        return this.#outcomes.withoutLedger(error, ask, entry);
      });
      if (outcome === 'stored') return this.#outcomes.noted(ask, answers, admission);
      await decider.undo(outcome === 'stale' ? answers.slice(1) : answers, { hold: undefined });
      if (outcome === 'reused') throw reusedKey();
      if (outcome === 'repeated') {
        counts.allowed += 1;
        // The store's hold of the first time was replaced.
        if (effect.hold) rehydrator.suspect(part, ask.tenantId);
        return { ...admission, decision: { ...admission.decision, isRepeated: true } };
      }
      // Whoever replaced the counts may not have come to the store.
      if (epoch === staleEpoch) await rehydrator.rehydrate(part, ask.tenantId);
      staleEpoch = epoch;
    }
    throw new StoreDown(false, new Error('The counts were replaced again and again'));
  }

  /** What was charged before is allowed, also where nothing is left since: its answer may have been lost. */
  async #refused(
    ask: Ask,
    kind: LedgerEventKind,
    id: string,
    answers: readonly PartAnswer[],
    admission: Admission,
  ): Promise<Admission> {
    if (ask.key === undefined) return this.#outcomes.noted(ask, answers, admission);
    const entry = { event: eventOf(ask, kind, id, admission.atMs), part: tenantPart(ask), epoch: noEpoch };
    const outcome = await this.#with.recorder.append(entry).catch((error: unknown) => {
      throw this.#outcomes.unavailable('The ledger cannot be read', error);
    });
    if (outcome === 'reused') throw reusedKey();
    if (outcome !== 'repeated') return this.#outcomes.noted(ask, answers, admission);
    const passed = answers.map((answer) => ({
      ...answer,
      reply: { ...answer.reply, refused: [] },
      isRepeated: true,
    }));
    return this.#outcomes.noted(ask, passed, this.#outcomes.admission(ask, passed));
  }
}
