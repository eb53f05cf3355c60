import { QuotaError } from '../errors';
import type { Counter } from './counter/counter-types';
import { createCounter } from './counter/create-counter';
import { QuotaCounter } from './counter/quota-counter';
import { ExpiringMap } from './expiring-map';
import type {
  AdjustCall,
  DecideCall,
  DecideReply,
  InstallCall,
  ReadCall,
  ReadReply,
  SettleCall,
  SettleReply,
  StoreHold,
  StoreLimit,
} from './store-types';

/** A limit of a call with the counter that it limits. */
interface BoundLimit {
  readonly index: number;
  readonly limit: StoreLimit;
  readonly counter: Counter;
}

interface OpenHold {
  readonly expiresAtUs: number;
  readonly charges: readonly {
    readonly counter: Counter;
    readonly amount: number;
    readonly periodStartUs: number;
  }[];
}

const settled = 'settled';
const none: readonly number[] = Object.freeze([]);

/** Everything that is counted for one subject. */
export class MemorySubject {
  /** Of the ledger; 0 as long as nothing was installed. */
  epoch = 0;
  /** Until then it is known. */
  keptUntilUs = 0;
  #holdsUntilUs = 0;
  #limits: readonly StoreLimit[] | undefined;
  #bound: readonly BoundLimit[] = [];
  readonly #counters: Counter[] = [];
  readonly #holds: ExpiringMap<OpenHold | typeof settled>;
  readonly #events: ExpiringMap<string>;

  /** @param maxRemembered how many holds, and how many events */
  constructor(maxRemembered: number) {
    this.#holds = new ExpiringMap(maxRemembered);
    this.#events = new ExpiringMap(maxRemembered);
  }

  decide({ limits, amounts, keepMs, hold, event }: DecideCall, nowUs: number): DecideReply {
    const bound = this.#bind(limits);
    for (const { limit } of bound) {
      if (limit.kind === 'quota' && (nowUs < limit.first || nowUs >= limit.second))
        return { outcome: 'period', nowUs };
    }
    const fingerprint = event && this.#events.get(event.id, nowUs);
    if (event && fingerprint !== undefined) {
      if (fingerprint !== event.fingerprint) return { outcome: 'reused' };
      return { outcome: 'repeated', nowUs, values: valuesOf(bound, nowUs) };
    }
    const refused = refusing(bound, amounts, nowUs, hold);
    if (refused.length === 0) {
      if (hold) demandRoom(this.#holds, hold.id, nowUs, 'holds');
      if (event) demandRoom(this.#events, event.id, nowUs, 'events');
      for (const { index, limit, counter } of bound) {
        const amount = amounts[index] as number;
        if (amount > 0) counter.charge(limit, amount, nowUs, hold);
      }
      this.#keepFor(keepMs, nowUs);
      if (hold) this.#open(hold, bound, amounts, nowUs);
      if (event) this.#events.set(event.id, event.fingerprint, this.#keepFor(event.rememberMs, nowUs));
    }
    return {
      outcome: 'decided',
      nowUs,
      refused,
      values: valuesOf(bound, nowUs),
      epoch: this.epoch,
      holdsUntilUs: this.#holdsUntilUs,
    };
  }

  settle({ limits, amounts, holdId, keepMs, rememberMs }: SettleCall, nowUs: number): SettleReply {
    const hold = this.#holds.get(holdId, nowUs);
    if (hold === undefined) return { outcome: 'unknown' };
    if (hold === settled) return { outcome: 'repeated' };
    const isLate = nowUs >= hold.expiresAtUs;
    const bound = this.#bind(limits);
    const added = bound.map(({ index, limit, counter }) => {
      const charge = hold.charges.find((one) => one.counter === counter);
      return counter.settle(
        limit,
        amounts[index] as number,
        {
          holdId,
          amount: charge?.amount ?? 0,
          periodStartUs: charge?.periodStartUs ?? counter.periodOf(limit),
          isLate,
        },
        nowUs,
      );
    });
    this.#keepFor(keepMs, nowUs);
    this.#holds.set(holdId, settled, this.#keepFor(rememberMs, nowUs));
    return { outcome: 'settled', isLate, added, values: valuesOf(bound, nowUs), epoch: this.epoch };
  }

  adjust({ limits, amounts, keepMs }: AdjustCall, nowUs: number): ReadReply {
    for (const { index, limit, counter } of this.#bind(limits)) {
      const amount = amounts[index] as number;
      if (amount !== 0) counter.adjust(limit, amount, nowUs);
    }
    this.#keepFor(keepMs, nowUs);
    return this.read({ limits }, nowUs);
  }

  read({ limits }: Pick<ReadCall, 'limits'>, nowUs: number): ReadReply {
    return { outcome: 'read', nowUs, values: valuesOf(this.#bind(limits), nowUs), epoch: this.epoch };
  }

  install({ limits, used, epoch, keepMs }: InstallCall, nowUs: number): void {
    for (const { index, limit, counter } of this.#bind(limits)) {
      if (counter instanceof QuotaCounter) counter.install(limit, used[index] as number);
    }
    this.epoch = epoch;
    this.#keepFor(keepMs, nowUs);
  }

  #open(hold: StoreHold, bound: readonly BoundLimit[], amounts: readonly number[], nowUs: number): void {
    const expiresAtUs = nowUs + hold.expiresInMs * 1_000;
    const charges = bound.map(({ index, limit, counter }) => ({
      counter,
      amount: amounts[index] as number,
      periodStartUs: counter.periodOf(limit),
    }));
    const untilUs = this.#keepFor(hold.expiresInMs + hold.rememberMs, nowUs);
    this.#holds.set(hold.id, { expiresAtUs, charges }, untilUs);
    this.#holdsUntilUs = Math.max(this.#holdsUntilUs, expiresAtUs);
  }

  /** Never shorter than something before has asked for. Returns until when this asks. */
  #keepFor(durationMs: number, nowUs: number): number {
    const untilUs = nowUs + durationMs * 1_000;
    if (untilUs > this.keptUntilUs) this.keptUntilUs = untilUs;
    return untilUs;
  }

  /** Mostly the same limits are asked for again: then nothing is looked up. */
  #bind(limits: readonly StoreLimit[]): readonly BoundLimit[] {
    if (limits !== this.#limits) {
      this.#bound = limits.map((limit, index) => ({ index, limit, counter: this.#counterOf(limit) }));
      this.#limits = limits;
    }
    return this.#bound;
  }

  #counterOf(limit: StoreLimit): Counter {
    const known = this.#counters.find(({ kind, name }) => name === limit.counter && kind === limit.kind);
    if (known) return known;
    const created = createCounter(limit);
    this.#counters.push(created);
    return created;
  }
}

/** @throws QuotaError so that nothing is promised that could not be remembered */
function demandRoom(map: ExpiringMap<unknown>, id: string, nowUs: number, what: string): void {
  if (map.hasRoomFor(id, nowUs)) return;
  throw new QuotaError(
    'UNITE_QUOTA_UNAVAILABLE',
    `The memory store remembers no more ${what} of this subject: see its option "maxRemembered"`,
  );
}

function refusing(
  bound: readonly BoundLimit[],
  amounts: readonly number[],
  nowUs: number,
  hold: StoreHold | undefined,
): readonly number[] {
  let refused: number[] | undefined;
  for (const { index, limit, counter } of bound) {
    const amount = amounts[index] as number;
    if (amount > 0 && counter.refuses(limit, amount, nowUs, hold)) {
      refused ??= [];
      refused.push(index);
    }
  }
  return refused ?? none;
}

function valuesOf(bound: readonly BoundLimit[], nowUs: number): readonly number[] {
  return bound.map(({ limit, counter }) => counter.valueOf(limit, nowUs));
}
