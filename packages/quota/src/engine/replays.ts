import type { LedgerEvent, QuotaLedger } from '../ledger/ledger-types';
import type { Calendar, Period } from '../period/period-types';
import type { Plan } from '../plan/plan-types';
import { memoryStore } from '../store/memory-store';
import type { QuotaStore } from '../store/store-types';
import type { ReplayReport } from '../types';
import { amountsOf } from './decider';
import { LimitSets } from './limit-set';

/** Plays what a tenant did through the limits of a plan. */
export class Replays {
  readonly #ledger: QuotaLedger;

  constructor(ledger: QuotaLedger) {
    this.#ledger = ledger;
  }

  /**
   * Every event at its time. Settlements change what was charged, as they did; concurrency is left out, for nobody knows
   * how long the work would have waited. What was refused in truth is played too, against the quotas alone: the ledger
   * keeps how much it was, not when within the minute.
   *
   * @param enough stop after so many refusals
   */
  async replay(
    tenantId: string,
    plan: Plan,
    calendar: Calendar,
    period: Period,
    enough = Number.POSITIVE_INFINITY,
  ): Promise<ReplayReport> {
    let nowMs = period.startAtMs;
    const clock = { wallMs: () => nowMs, monotonicMs: () => nowMs, sleep: async () => undefined };
    const store = memoryStore({ clock, maxSubjects: 1 });
    const sets = new LimitSets(
      plan.limits.filter(({ kind }) => kind !== 'concurrency'),
      calendar,
    );
    const deniedBy: Record<string, number> = {};
    let events = 0;
    let denied = 0;
    /** What they came to is not given back: it was never charged. */
    const refusedHolds = new Set<string>();
    for await (const event of this.#ledger.events(tenantId, period.startAtMs, period.endAtMs)) {
      nowMs = Math.max(nowMs, event.occurredAtMs);
      events += event.kind === 'settle' ? 0 : 1;
      if (event.kind === 'settle' && refusedHolds.delete(event.id.replace(/^settled:/, 'hold:'))) continue;
      const refusing = await play(store, sets, event, nowMs);
      if (refusing.length > 0 && event.kind === 'hold') refusedHolds.add(event.id);
      if (refusing.length > 0) denied += 1;
      for (const name of refusing) deniedBy[name] = (deniedBy[name] ?? 0) + 1;
      if (denied >= enough) break;
    }
    return { plan: plan.name, ...period, events, denied, deniedBy };
  }
}

/** @returns the limits that would have refused */
async function play(
  store: QuotaStore,
  sets: LimitSets,
  { kind, amounts }: LedgerEvent,
  nowMs: number,
): Promise<readonly string[]> {
  const set = sets.at(nowMs);
  const common = { subject: 'replay', limits: set.forStore, isLedgered: false, keepMs: set.keepMs };
  const charged = amountsOf(set, amounts);
  if (kind === 'settle' || kind === 'record') {
    await store.adjust({ ...common, amounts: charged });
    return [];
  }
  const asked =
    kind === 'refused'
      ? charged.map((amount, at) => (set.limits[at]?.kind === 'quota' ? amount : 0))
      : charged;
  const reply = await store.decide({ ...common, amounts: asked });
  return reply.outcome === 'decided' ? reply.refused.map((at) => set.limits[at]?.name as string) : [];
}
