import type { Clock } from '@unite/core';
import { checkOptions, expects, optionChecks, warnOnce } from '@unite/shared';
import type { ErrorEvent } from '../capture/capture-types';
import type { MetricRecorder } from '../metrics/recorder-types';
import type { BudgetOptions, BudgetReport, BudgetUnit, BudgetUse } from './budget-types';
import { Days, type DayUse } from './days';

/** Kinds of errors that are told apart in a day. */
const maxKinds = 1_000;
/** Between two readings of the spans while metrics flow, in milliseconds. */
const spansEveryMs = 1_000;
const ratioName = 'apm_budget_used_ratio';

/** What {@link createBudget} needs. */
export interface BudgetParts {
  readonly clock: Clock;
  readonly recorder: MetricRecorder;
}

/** What may be sent in a day, and what was. No method throws. */
export interface Budget {
  /** Counts an error that is about to be sent. @returns false where the budget is spent and it may be spared */
  mayDeliver(event: ErrorEvent): boolean;
  /** Counts values for sinks that send each. @returns false where they are not to be sent */
  usePoints(count: number): boolean;
  report(): Omit<BudgetReport, 'ownMicrosPerRequest'>;
}

/**
 * Keeps the budget of a day.
 *
 * @throws TypeError that names the option
 */
export function createBudget(options: BudgetOptions | undefined, parts: BudgetParts): Budget {
  const { spansPerDay, pointsPerDay, errorsPerDay, spans, onUsed } = checked(options ?? {});
  const given: readonly (readonly [BudgetUnit, number | undefined])[] = [
    ['spans', spansPerDay],
    ['points', pointsPerDay],
    ['errors', errorsPerDay],
  ];
  const perDay = new Map(given.flatMap(([unit, most]) => (most === undefined ? [] : [[unit, most]])));
  return new DailyBudget(perDay, spansPerDay === undefined ? undefined : spans, onUsed, parts);
}

function checked(options: BudgetOptions): BudgetOptions {
  const count = expects(
    'a whole number from 1',
    (value) => Number.isSafeInteger(value) && (value as number) >= 1,
  );
  checkOptions('startApm: budget', options, {
    spansPerDay: count,
    pointsPerDay: count,
    errorsPerDay: count,
    spans: optionChecks.function,
    onUsed: optionChecks.function,
  });
  if (options.spansPerDay !== undefined && !options.spans) {
    throw new TypeError(
      'startApm: budget: "spansPerDay" needs "spans", such as () => tracing.stats().spans.ended',
    );
  }
  return options;
}

class DailyBudget implements Budget {
  readonly #perDay: ReadonlyMap<BudgetUnit, number>;
  readonly #spans: BudgetOptions['spans'];
  readonly #onUsed: BudgetOptions['onUsed'];
  readonly #clock: Clock;
  readonly #recorder: MetricRecorder;
  readonly #days = new Days();
  #spansRead = 0;
  #spansReadAtMs = Number.NEGATIVE_INFINITY;
  #isTelling = false;

  constructor(
    perDay: ReadonlyMap<BudgetUnit, number>,
    spans: BudgetOptions['spans'],
    onUsed: BudgetOptions['onUsed'],
    { clock, recorder }: BudgetParts,
  ) {
    this.#perDay = perDay;
    this.#spans = spans;
    this.#onUsed = onUsed;
    this.#clock = clock;
    this.#recorder = recorder;
    if (perDay.size === 0) return;
    const help = 'Share of the budget of the day that is used.';
    recorder.declare(ratioName, { kind: 'gauge', help, labels: ['unit'] });
  }

  mayDeliver(event: ErrorEvent): boolean {
    if (this.#perDay.size === 0) return true;
    const day = this.#today();
    this.#readSpans(day);
    const isFirst = isFirstOfItsKind(day, event);
    return this.#use(day, 'errors', 1, isFirst || event.level === 'fatal');
  }

  usePoints(count: number): boolean {
    if (this.#perDay.size === 0) return true;
    const day = this.#today();
    if (this.#clock.monotonicMs() - this.#spansReadAtMs >= spansEveryMs) this.#readSpans(day);
    return this.#use(day, 'points', count, false);
  }

  report(): Omit<BudgetReport, 'ownMicrosPerRequest'> {
    const day = this.#today();
    this.#readSpans(day);
    return { day: day.name, budgets: [...this.#perDay.keys()].map((unit) => this.#useOf(day, unit)) };
  }

  #today(): DayUse {
    const { day, isAnother } = this.#days.at(this.#clock.wallMs());
    if (isAnother) for (const unit of this.#perDay.keys()) this.#tell(day, unit);
    return day;
  }

  /** Counts what may be sent, and what may not. */
  #use(day: DayUse, unit: BudgetUnit, count: number, isSpared: boolean): boolean {
    const most = this.#perDay.get(unit);
    if (most === undefined) return true;
    const counts = day.counts[unit];
    const isSent = counts.used + count <= most || isSpared;
    if (isSent) counts.used += count;
    else counts.dropped += count;
    this.#tell(day, unit);
    return isSent;
  }

  /** Spans are sent by others: they are only counted here. */
  #readSpans(day: DayUse): void {
    if (!this.#spans) return;
    this.#spansReadAtMs = this.#clock.monotonicMs();
    const spans = numberOf(this.#spans);
    if (spans === undefined) {
      warnOnce(
        'UNITE_APM_BUDGET_SPANS',
        'budget.spans failed, or is no number from 0: spans are not counted',
      );
      return;
    }
    // Fewer than before: the tracing was started anew.
    day.counts.spans.used += spans >= this.#spansRead ? spans - this.#spansRead : spans;
    this.#spansRead = spans;
    this.#tell(day, 'spans');
  }

  /** Each whole percent as a metric, which may itself come here as a point; each step once to the application. */
  #tell(day: DayUse, unit: BudgetUnit): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    const use = this.#useOf(day, unit);
    const counts = day.counts[unit];
    const percent = Math.floor((100 * use.used) / use.perDay);
    if (percent !== counts.percentTold) {
      counts.percentTold = percent;
      this.#recorder.put(ratioName, use.used / use.perDay, { unit });
    }
    for (const state of stepsTo(use.state)) {
      if (counts.stepsTold.has(state)) continue;
      counts.stepsTold.add(state);
      this.#call({ ...use, state });
    }
    this.#isTelling = false;
  }

  #call(use: BudgetUse): void {
    const failed = (): void =>
      warnOnce('UNITE_APM_BUDGET_LISTENER', 'budget.onUsed failed; the budget is kept all the same');
    try {
      // A listener may be an async function.
      Promise.resolve(this.#onUsed?.(use)).catch(failed);
    } catch {
      failed();
    }
  }

  #useOf(day: DayUse, unit: BudgetUnit): BudgetUse {
    const perDay = this.#perDay.get(unit) ?? Number.POSITIVE_INFINITY;
    const { used, dropped } = day.counts[unit];
    return { unit, used, perDay, dropped, state: stateOf(used, dropped, perDay) };
  }
}

function stateOf(used: number, dropped: number, perDay: number): BudgetUse['state'] {
  if (dropped > 0 || used >= perDay) return 'spent';
  return used >= 0.8 * perDay ? 'alert' : 'within';
}

function stepsTo(state: BudgetUse['state']): readonly BudgetUse['state'][] {
  if (state === 'within') return [];
  return state === 'alert' ? ['alert'] : ['alert', 'spent'];
}

/** What is new is worth more than the thousandth of the same. */
function isFirstOfItsKind(day: DayUse, { fingerprint, exceptions }: ErrorEvent): boolean {
  const [{ type, code }] = exceptions;
  const kind = JSON.stringify(fingerprint ?? [type, code]).slice(0, 500);
  if (day.kinds.has(kind) || day.kinds.size >= maxKinds) return false;
  day.kinds.add(kind);
  return true;
}

function numberOf(read: () => number): number | undefined {
  try {
    const value = read();
    return Number.isFinite(value) && value >= 0 ? value : undefined;
  } catch {
    return undefined;
  }
}
