import type { Clock } from '@unite/core';
import type { Plans } from '../plan/plan-types';
import { type MemoryStore, memoryStore } from '../store/memory-store';
import type { StoreDecision, StoreLimit } from '../store/store-types';
import type { Decision } from '../types';
import type { Ask, Part } from './ask';
import { amountsOf, type Effect } from './decider';
import { type Asked, toDecision } from './decision';
import type { LimitSet } from './limit-set';

/** Decides while the store cannot be asked, by the policy of each limit. */
export class Fallback {
  readonly #plans: Plans;
  readonly #clock: Clock;
  readonly #scaled = new WeakMap<LimitSet, LimitSet>();
  #made: MemoryStore | undefined;

  constructor(plans: Plans, clock: Clock) {
    this.#plans = plans;
    this.#clock = clock;
  }

  /** @returns nothing where a limit that is used is closed */
  decide(ask: Ask, effect: Effect): Decision | undefined {
    if (ask.parts.some((part) => this.#isClosed(part, ask))) return undefined;
    const answers = ask.parts.map((part) => ({ part, ...this.#ask(part, ask, effect) }));
    if (answers.some(({ reply }) => reply.refused.length > 0)) {
      for (const answer of answers) {
        if (answer.reply.refused.length === 0) this.#undo(answer.part, answer, effect);
      }
    }
    const isLocal = answers.some(({ amounts }) => amounts.some((amount) => amount > 0));
    return toDecision(answers, ask.plan, this.#plans, { by: isLocal ? 'local' : 'open', isRepeated: false });
  }

  /** The work has ended: its places are free, and what it did not use is given back. */
  settle({ parts }: Ask, holdId: string, used: Ask['use']): void {
    for (const part of parts) {
      const set = this.#scale(part.sets.at(this.#clock.wallMs()));
      const { forStore: limits, keepMs } = set;
      const call = { subject: part.subject, limits, keepMs, holdId: part.idPrefix + holdId, rememberMs: 0 };
      this.#store.settle({ ...call, amounts: localAmounts(set, used) });
    }
  }

  /** Made at the first outage: it takes room up front, and most processes never see one. */
  get #store(): MemoryStore {
    this.#made ??= memoryStore({ clock: this.#clock });
    return this.#made;
  }

  #isClosed(part: Part, ask: Ask): boolean {
    const { limits } = part.sets.at(this.#clock.wallMs());
    // Where there is no limit there is nothing to ask.
    return amountsOf({ limits }, ask.use).some(
      (amount, index) =>
        amount > 0 && limits[index]?.limit !== null && limits[index]?.whenStoreFails === 'closed',
    );
  }

  #ask(part: Part, ask: Ask, effect: Effect): Asked {
    const nowMs = this.#clock.wallMs();
    const first = this.#decide(part, nowMs, ask, effect);
    // Its clock does not go back where the machine's does.
    const { set, reply } =
      first.reply.outcome === 'period' ? this.#decide(part, first.reply.nowUs / 1_000, ask, effect) : first;
    return { set, amounts: localAmounts(set, ask.use), reply: reply as StoreDecision };
  }

  #decide(part: Part, nowMs: number, ask: Ask, { hold }: Effect) {
    const set = this.#scale(part.sets.at(nowMs));
    const { forStore: limits, keepMs } = set;
    const reply = this.#store.decide({
      subject: part.subject,
      limits,
      amounts: localAmounts(set, ask.use),
      isLedgered: false,
      keepMs,
      hold: hold && { id: part.idPrefix + hold.id, expiresInMs: hold.expiresInMs, rememberMs: 0 },
    });
    return { set, reply };
  }

  /** What a part has charged while another one refused. */
  #undo(part: Part, { set, amounts }: Asked, { hold }: Effect): void {
    const call = { subject: part.subject, limits: set.forStore, keepMs: set.keepMs };
    if (!hold) {
      this.#store.adjust({ ...call, isLedgered: false, amounts: amounts.map((amount) => -amount) });
      return;
    }
    const none = amounts.map(() => 0);
    this.#store.settle({ ...call, holdId: part.idPrefix + hold.id, amounts: none, rememberMs: 0 });
  }

  /** With this process's share of each limit. */
  #scale(set: LimitSet): LimitSet {
    const known = this.#scaled.get(set);
    if (known) return known;
    const scaled = { ...set, forStore: set.forStore.map((limit, index) => shareOf(limit, set, index)) };
    this.#scaled.set(set, scaled);
    return scaled;
  }
}

function shareOf(limit: StoreLimit, { limits }: LimitSet, index: number): StoreLimit {
  const policy = limits[index]?.whenStoreFails;
  const share = typeof policy === 'object' ? policy.local : 1;
  const cap = limit.cap === 0 ? 0 : Math.max(1, Math.floor(limit.cap * share));
  return { ...limit, cap, first: limit.kind === 'rate' ? limit.first / share : limit.first };
}

/** What is open, or has no limit, is not asked at all. */
function localAmounts(set: LimitSet, use: Ask['use']): readonly number[] {
  return amountsOf(set, use).map((amount, index) => {
    const limit = set.limits[index];
    return typeof limit?.whenStoreFails === 'object' && limit.limit !== null ? amount : 0;
  });
}
