import { publishUse } from '../channels';
import { QuotaError } from '../errors';
import { outageProblem } from '../response/quota-problem';
import type { Admission, AdmissionParts } from './admission-types';
import type { Ask } from './ask';
import { amountsOf, decidedAtMs, type PartAnswer } from './decider';
import { toDecision } from './decision';
import type { Entry } from './recorder';

const retryAfterMs = 1_000;

/** Counts, remembers and tells what became of requests. */
export class Outcomes {
  readonly #with: AdmissionParts;

  constructor(parts: AdmissionParts) {
    this.#with = parts;
  }

  /** What the store's answers come to. */
  admission(ask: Ask, answers: readonly PartAnswer[]): Admission {
    const isRepeated = answers[0]?.isRepeated ?? false;
    const decision = toDecision(answers, ask.plan, this.#with.plans, { by: 'store', isRepeated });
    return { decision, atMs: decidedAtMs(answers), isInStore: true };
  }

  /** Notes an admission that is final. */
  noted(ask: Ask, answers: readonly PartAnswer[], admission: Admission): Admission {
    const { counts, denials, refused } = this.#with;
    if (admission.decision.allowed) {
      if (!admission.decision.isRepeated) this.publish(ask);
      counts.allowed += 1;
      return admission;
    }
    counts.denied += 1;
    refused.note(ask, admission.atMs);
    for (const answer of answers) {
      if (answer.reply.refused.length === 0) continue;
      const hasHolds = answer.reply.holdsUntilUs > answer.reply.nowUs;
      const shrinking = this.#givesBack(ask) ? 'all' : hasHolds ? 'quotas' : 'none';
      denials.remember(answer.part.subject, answer, shrinking);
    }
    return admission;
  }

  /** Tells what was used. */
  publish(ask: Ask): void {
    if (ask.priced.isUnpriced) this.#with.counts.unpriced += 1;
    publishUse(this.#with.name, ask, ask.priced);
  }

  /** What no policy can mend. */
  mistake(error: unknown): unknown {
    if (QuotaError.isInstance(error) && error.code === 'UNITE_QUOTA_KEY_REUSED')
      this.#with.counts.reusedIds += 1;
    return error;
  }

  unavailable(what: string, cause: unknown): QuotaError {
    this.#with.counts.unavailable += 1;
    const problem = outageProblem(retryAfterMs);
    const text = `${what}: ${cause instanceof Error ? cause.message : String(cause)}`;
    return new QuotaError('UNITE_QUOTA_UNAVAILABLE', text, { cause, retryAfterMs, problem });
  }

  /** Nothing is silently free: a closed limit refuses, and an open one is written down later. */
  withoutLedger(error: unknown, ask: Ask, entry: Entry): 'stored' {
    if (QuotaError.isInstance(error) && error.code !== 'UNITE_QUOTA_UNAVAILABLE') throw error;
    const isClosed = ask.parts.some(({ sets }) => {
      const set = sets.at(entry.event.occurredAtMs);
      const amounts = amountsOf(set, ask.use);
      return set.limits.some(
        ({ whenStoreFails }, at) => whenStoreFails === 'closed' && (amounts[at] as number) > 0,
      );
    });
    if (isClosed) throw this.unavailable('The ledger cannot be written', error);
    this.#with.recorder.write({ ...entry, epoch: undefined });
    return 'stored';
  }

  /** Where another part refuses, or the ledger, what was charged is given back a moment later. */
  #givesBack(ask: Ask): boolean {
    return ask.parts.length > 1 || this.#with.isDurable;
  }
}
