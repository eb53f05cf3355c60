import type { StoreLimit } from '../../store/store-types';
import { demand, demandSame } from './demand';
import { placesOf, quotaOf, rateOf } from './limits';
import { ModelStore } from './model-store';
import { check, holdOf, type Place } from './place';
import { Random } from './random';
import { roundingUs } from './rates';

const stepsPerRun = 150;

/** Anything in any order. */
export const interleavingChecks = [1, 2, 3].map((seed) =>
  check(
    `interleaving-${seed}`,
    'In any order of decisions, settlements and adjustments, the counts are those of a simple model.',
    async (place) => {
      const run = new Run(place, seed);
      for (const number of Array.from({ length: stepsPerRun }, (_, index) => index)) await run.step(number);
    },
  ),
);

class Run {
  readonly #place: Place;
  readonly #random: Random;
  readonly #model = new ModelStore();
  readonly #holdIds: string[] = [];
  #hoursAgo = 6;

  constructor(place: Place, seed: number) {
    this.#place = place;
    this.#random = new Random(seed);
  }

  async step(number: number): Promise<void> {
    const random = this.#random;
    const what = `step ${number}`;
    const limits = this.#limits();
    const kind = random.below(20);
    if (kind < 10) await this.#decide(limits, what);
    else if (kind < 16) await this.#settle(limits, what);
    else if (kind < 18) await this.#adjust(limits, what);
    else if (kind < 19) await this.#place.pass(random.below(12));
    else this.#hoursAgo = Math.max(1, this.#hoursAgo - random.below(2));
    await this.#compare(limits, `${what}, read`);
  }

  /** Now and then from an instance whose clock is behind, or with the limits in another order. */
  #limits(): readonly StoreLimit[] {
    const period = this.#place.period(this.#hoursAgo + (this.#random.below(8) === 0 ? 1 : 0));
    const limits = [
      quotaOf('calls', 40, period),
      quotaOf('tokens', 2_000, this.#place.period(9)),
      rateOf('burst', 6, 4_000),
      placesOf('places', 3),
    ];
    return this.#random.below(3) === 0 ? limits.toReversed() : limits;
  }

  #amounts(limits: readonly StoreLimit[]): readonly number[] {
    const most = { calls: 4, tokens: 300, burst: 4, places: 2 };
    return limits.map(({ counter }) => this.#random.below(most[counter as keyof typeof most]));
  }

  async #decide(limits: readonly StoreLimit[], what: string): Promise<void> {
    const random = this.#random;
    const amounts = this.#amounts(limits);
    const holdId = `hold ${this.#holdIds.length}`;
    const hold = random.below(2) === 0 ? undefined : holdOf(holdId, random.below(2) === 0 ? 8 : undefined);
    const event =
      random.below(3) === 0
        ? { id: `event ${random.below(12)}`, fingerprint: `${random.below(4) === 0}`, rememberMs: 600_000 }
        : undefined;
    const reply = await this.#place.decide(limits, amounts, { hold, event });
    const nowUs = 'nowUs' in reply ? reply.nowUs : await this.#place.nowUs();
    const expected = this.#model.decide({ limits, amounts, hold, event }, nowUs);
    demandSame(reply.outcome, expected.outcome, `${what}, outcome of a decision`);
    if (reply.outcome === 'decided') {
      demandSame(reply.refused, expected.refused, `${what}, refused of ${amounts} in ${described(limits)}`);
      if (hold && reply.refused.length === 0) this.#holdIds.push(holdId);
    }
    if ('values' in reply) this.#demandValues(limits, reply.values, nowUs, `${what}, decided`);
  }

  async #settle(limits: readonly StoreLimit[], what: string): Promise<void> {
    const holdId = `hold ${this.#random.below(this.#holdIds.length + 1)}`;
    const amounts = this.#amounts(limits);
    const beforeUs = await this.#place.nowUs();
    const reply = await this.#place.settle(limits, amounts, holdId);
    const afterUs = await this.#place.nowUs();
    const isLate = reply.outcome === 'settled' && reply.isLate;
    const expiresAtUs = this.#model.expiryOf(holdId);
    demand(!isLate || expiresAtUs <= afterUs, `${what}, a settlement is late before its hold expires`);
    // A real clock may have come to the end of the hold meanwhile.
    const atUs = isLate ? Math.max(beforeUs, expiresAtUs) : beforeUs;
    const expected = this.#model.settle({ limits, amounts }, holdId, atUs);
    demandSame(isLate ? 'settled late' : reply.outcome, expected, `${what}, outcome of a settlement`);
    await this.#takeOverRates(limits, afterUs - atUs, what);
  }

  async #adjust(limits: readonly StoreLimit[], what: string): Promise<void> {
    const amounts = this.#amounts(limits).map((amount) => (this.#random.below(2) === 0 ? amount : -amount));
    const { nowUs, values } = await this.#place.adjust(limits, amounts);
    for (const [index, limit] of limits.entries()) this.#model.add(limit, amounts[index] as number, nowUs);
    this.#demandValues(limits, values, nowUs, `${what}, adjusted`);
  }

  /** A settlement does not say when it was: the arrival time is known as exactly as that. */
  async #takeOverRates(limits: readonly StoreLimit[], slackUs: number, what: string): Promise<void> {
    const { values, nowUs } = await this.#place.read(limits);
    for (const [index, limit] of limits.entries()) {
      if (limit.kind !== 'rate') continue;
      const tatUs = Math.max(nowUs, values[index] as number);
      const offUs = tatUs - this.#model.valueOf(limit, nowUs);
      demand(
        -roundingUs <= offUs && offUs <= slackUs + roundingUs,
        `${what}, settled: the arrival time is ${offUs} µs off`,
      );
      this.#model.arriveAt(limit, tatUs, nowUs);
    }
  }

  async #compare(limits: readonly StoreLimit[], what: string): Promise<void> {
    const { values, nowUs } = await this.#place.read(limits);
    this.#demandValues(limits, values, nowUs, what);
  }

  #demandValues(limits: readonly StoreLimit[], values: readonly number[], nowUs: number, what: string): void {
    // An arrival time that has passed says no more than now does.
    const found = limits.map(({ kind }, index) =>
      kind === 'rate' ? Math.max(nowUs, values[index] as number) : values[index],
    );
    const expected = limits.map((limit) => this.#model.valueOf(limit, nowUs));
    demandSame(found, expected, `${what}, values of ${described(limits)}`);
  }
}

function described(limits: readonly StoreLimit[]): string {
  return limits.map(({ counter }) => counter).join(', ');
}
