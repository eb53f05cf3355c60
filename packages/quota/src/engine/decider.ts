import type { DecideReply, StoreDecision, StoreEvent, StoreHold } from '../store/store-types';
import { andThen } from './and-then';
import type { Ask, Part } from './ask';
import type { Asked } from './decision';
import { tenantPart } from './event-of';
import type { LimitSet } from './limit-set';
import type { Rehydrator } from './rehydrator';
import { reusedKey } from './reused-key';
import type { StoreClock } from './store-clock';
import { StoreDown, type StoreGate } from './store-gate';

/** Periods that were missed, and counts that had to be installed, before a decision is given up. */
const attemptsMax = 6;

/** What makes a use take effect for a while, or once. */
export interface Effect {
  readonly hold?: StoreHold | undefined;
  readonly event?: StoreEvent | undefined;
}

/** What one part has answered. */
export interface PartAnswer extends Asked {
  readonly part: Part;
  readonly reply: Omit<StoreDecision, 'outcome'>;
  readonly isRepeated: boolean;
}

interface Question extends Pick<Asked, 'set' | 'amounts'> {
  readonly attemptsLeft: number;
}

const alreadyCharged = { refused: [], epoch: 0, holdsUntilUs: 0 };

/** Asks the store for every part of a request: all are charged, or none. */
export class Decider {
  readonly #gate: StoreGate;
  readonly #clock: StoreClock;
  readonly #rehydrator: Rehydrator;

  constructor(gate: StoreGate, clock: StoreClock, rehydrator: Rehydrator) {
    this.#gate = gate;
    this.#clock = clock;
    this.#rehydrator = rehydrator;
  }

  /** @throws StoreDown, QuotaError `UNITE_QUOTA_KEY_REUSED` */
  decide(ask: Ask, effect: Effect): readonly PartAnswer[] | Promise<readonly PartAnswer[]> {
    if (ask.parts.length > 1) return this.#decideAll(ask, effect);
    return andThen(this.#decidePart(tenantPart(ask), ask, effect, attemptsMax), only);
  }

  /** Gives back what was charged. Where the store cannot be asked it stays charged. */
  async undo(answers: readonly PartAnswer[], { hold }: Pick<Effect, 'hold'>): Promise<void> {
    await Promise.allSettled(
      answers.map(({ part, set, amounts }) =>
        this.#gate.ask((store) => {
          const call = { subject: part.subject, limits: set.forStore, keepMs: set.keepMs };
          if (hold) {
            const none = amounts.map(() => 0);
            const holdId = part.idPrefix + hold.id;
            return store.settle({ ...call, holdId, amounts: none, rememberMs: hold.rememberMs });
          }
          return store.adjust({
            ...call,
            isLedgered: part.isLedgered,
            amounts: amounts.map((amount) => -amount),
          });
        }),
      ),
    );
  }

  /**
   * The event is noted with the tenant's own limits alone, and last: a note cannot be undone, and the same request must
   * be charged when it comes again after a refusal.
   */
  async #decideAll(ask: Ask, effect: Effect): Promise<readonly PartAnswer[]> {
    const [own, ...shared] = ask.parts as [Part, ...Part[]];
    if (!effect.event) return this.#decideParts(ask.parts, ask, effect);
    const { hold } = effect;
    const others = await this.#decideParts(shared, ask, { hold });
    if (others.some(refuses)) return [...(await this.#wouldRefuse(own, ask, hold)), ...others];
    try {
      const answer = await this.#decidePart(own, ask, effect, attemptsMax);
      // The first hold goes on, under the same id: only what was charged beside it goes back.
      if (answer.isRepeated) await this.undo(others, { hold: undefined });
      else if (refuses(answer)) await this.undo(others, { hold });
      return [answer, ...others];
    } catch (error) {
      await this.undo(others, { hold });
      throw error;
    }
  }

  async #decideParts(parts: readonly Part[], ask: Ask, effect: Effect): Promise<readonly PartAnswer[]> {
    const results = await Promise.allSettled(
      parts.map(async (part) => this.#decidePart(part, ask, effect, attemptsMax)),
    );
    const answers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure || answers.some(refuses)) {
      await this.undo(
        answers.filter((answer) => !refuses(answer)),
        effect,
      );
    }
    if (failure) throw failure.reason;
    return answers;
  }

  /** Which of the tenant's own limits refuse too. */
  async #wouldRefuse(own: Part, ask: Ask, hold: Effect['hold']): Promise<readonly PartAnswer[]> {
    const answer = await this.#decidePart(own, ask, { hold }, attemptsMax);
    if (!refuses(answer)) await this.undo([answer], { hold });
    return [answer];
  }

  #decidePart(part: Part, ask: Ask, effect: Effect, attemptsLeft: number): PartAnswer | Promise<PartAnswer> {
    const set = this.#setOf(part, attemptsLeft);
    const amounts = amountsOf(set, ask.use);
    const { idPrefix } = part;
    const { event } = effect;
    const hold = effect.hold && idPrefix ? { ...effect.hold, id: idPrefix + effect.hold.id } : effect.hold;
    const call = {
      subject: part.subject,
      limits: set.forStore,
      amounts,
      isLedgered: part.isLedgered,
      keepMs: set.keepMs,
      hold,
      event,
    };
    const reply = this.#gate.decide(call);
    // Nearly always, and nothing more is made for it.
    if ('outcome' in reply && reply.outcome === 'decided')
      return { part, set, amounts, reply, isRepeated: false };
    return this.#understandSoon(reply, part, ask, effect, { set, amounts, attemptsLeft });
  }

  #understandSoon(
    reply: DecideReply | Promise<DecideReply>,
    part: Part,
    ask: Ask,
    effect: Effect,
    asked: Question,
  ): PartAnswer | Promise<PartAnswer> {
    return andThen(reply, (answer) => this.#understand(answer, part, ask, effect, asked));
  }

  /** A store of this process says at once when periods are over: to look at a clock before takes longer. */
  #setOf(part: Part, attemptsLeft: number): LimitSet {
    const isGuessed = this.#gate.isLocal && attemptsLeft === attemptsMax;
    return (isGuessed ? part.sets.last : undefined) ?? part.sets.at(this.#clock.nowMs());
  }

  #understand(
    reply: DecideReply,
    part: Part,
    ask: Ask,
    effect: Effect,
    { set, amounts, attemptsLeft }: Question,
  ): PartAnswer | Promise<PartAnswer> {
    switch (reply.outcome) {
      case 'decided':
        return { part, set, amounts, reply, isRepeated: false };
      case 'repeated':
        return { part, set, amounts, reply: { ...reply, ...alreadyCharged }, isRepeated: true };
      case 'reused':
        throw reusedKey();
      case 'period':
        this.#clock.correct(reply.nowUs);
        return this.#again(part, ask, effect, attemptsLeft);
      case 'unknown':
        return andThen(this.#rehydrator.rehydrate(part, ask.tenantId), () =>
          this.#again(part, ask, effect, attemptsLeft),
        );
    }
  }

  #again(part: Part, ask: Ask, effect: Effect, attemptsLeft: number): PartAnswer | Promise<PartAnswer> {
    if (attemptsLeft > 1) return this.#decidePart(part, ask, effect, attemptsLeft - 1);
    const text = 'The store loses its counts, or changes its time, faster than they can be given to it';
    throw new StoreDown(false, new Error(text));
  }
}

const only = (answer: PartAnswer): readonly PartAnswer[] => [answer];

function refuses({ reply }: PartAnswer): boolean {
  return reply.refused.length > 0;
}

/** One for each limit. What has no limit, and is not counted either, is not asked for. */
export function amountsOf(set: Pick<LimitSet, 'limits'>, use: Ask['use']): readonly number[] {
  return set.limits.map(({ of, limit, kind }) => (limit === null && kind !== 'quota' ? 0 : (use[of] ?? 0)));
}

/** When the store decided, in milliseconds. */
export function decidedAtMs(answers: readonly { readonly reply: Pick<StoreDecision, 'nowUs'> }[]): number {
  return Math.floor((answers[0]?.reply.nowUs ?? 0) / 1_000);
}
