import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AdjustCall,
  DecideCall,
  DecideReply,
  InstallCall,
  QuotaStore,
  ReadCall,
  ReadReply,
  SettleCall,
  SettleReply,
  StoreDecision,
  StoreHold,
  StoreLimit,
} from '../../store/store-types';
import { demand, demandSame } from './demand';
import { hourUs, type Period } from './limits';
import type { CheckedStore, QuotaStoreCheck } from './types';

/** For how long the checks' counters are kept, in milliseconds. */
const keepMs = 600_000;

type More<Call> = Partial<Omit<Call, 'limits' | 'amounts'>>;
type Limits = readonly StoreLimit[];
type Amounts = readonly number[];

/** A subject of whom nothing was counted before. */
export class Place {
  readonly store: QuotaStore;
  readonly subject = `check:${randomUUID()}`;
  readonly #advance: CheckedStore['advance'];
  #startUs = 0;

  constructor({ store, advance }: CheckedStore) {
    this.store = store;
    this.#advance = advance;
  }

  /** Has to be called first. */
  async enter(): Promise<void> {
    this.#startUs = await this.nowUs();
  }

  /** Contains now for as long as the check lasts: the later it began, the smaller the number is. */
  period(hoursAgo = 6): Period {
    // The odd microsecond shows whether every digit is kept.
    return { first: this.#startUs - hoursAgo * hourUs - 1, second: this.#startUs + 48 * hourUs };
  }

  async decide(limits: Limits, amounts: Amounts, more: More<DecideCall> = {}): Promise<DecideReply> {
    return this.store.decide({
      subject: this.subject,
      limits,
      amounts,
      isLedgered: false,
      keepMs,
      ...more,
    });
  }

  /** Decides, and demands that it is decided. */
  async take(limits: Limits, amounts: Amounts, more: More<DecideCall> = {}): Promise<StoreDecision> {
    const reply = await this.decide(limits, amounts, more);
    demand(reply.outcome === 'decided', `expected a decision, got '${reply.outcome}'`);
    return reply;
  }

  /** Demands that it passes. Returns the values. */
  async admit(limits: Limits, amounts: Amounts, more: More<DecideCall> = {}): Promise<Amounts> {
    const { refused, values } = await this.take(limits, amounts, more);
    demandSame(refused, [], `refused of ${described(limits, amounts)}`);
    return values;
  }

  /** Demands that these refuse. */
  async refuse(
    limits: Limits,
    amounts: Amounts,
    indices: readonly number[],
    more: More<DecideCall> = {},
  ): Promise<void> {
    const { refused } = await this.take(limits, amounts, more);
    demandSame(refused, indices, `refused of ${described(limits, amounts)}`);
  }

  async settle(
    limits: Limits,
    amounts: Amounts,
    holdId: string,
    more: More<SettleCall> = {},
  ): Promise<SettleReply> {
    return this.store.settle({
      subject: this.subject,
      limits,
      amounts,
      holdId,
      keepMs,
      rememberMs: keepMs,
      ...more,
    });
  }

  async adjust(limits: Limits, amounts: Amounts, more: More<AdjustCall> = {}): Promise<ReadReply> {
    const reply = await this.store.adjust({
      subject: this.subject,
      limits,
      amounts,
      isLedgered: false,
      keepMs,
      ...more,
    });
    demand(reply.outcome === 'read', `expected the counts after an adjustment, got '${reply.outcome}'`);
    return reply;
  }

  async read(limits: Limits, more: More<ReadCall> = {}): Promise<ReadReply> {
    const reply = await this.store.read({ subject: this.subject, limits, isLedgered: false, ...more });
    demand(reply.outcome === 'read', `expected the counts, got '${reply.outcome}'`);
    return reply;
  }

  /** Demands these values. */
  async shows(limits: Limits, values: Amounts, what: string): Promise<void> {
    demandSame((await this.read(limits)).values, values, what);
  }

  async install(limits: Limits, used: Amounts, epoch: number): Promise<string> {
    const { subject, store } = this;
    return (await store.install({ subject, limits, used, epoch, keepMs } satisfies InstallCall)).outcome;
  }

  /** By the store's clock. */
  async nowUs(): Promise<number> {
    const probe: StoreLimit = { kind: 'concurrency', counter: 'probe', cap: 1, first: 0, second: 0 };
    return (await this.read([probe])).nowUs;
  }

  /** Returns when what was to be remembered until then is forgotten: a store may count that in whole milliseconds. */
  async passUntilForgotten(untilUs: number): Promise<void> {
    await this.passUntil(untilUs + 1_000);
  }

  /** Returns when the store's clock has come to this. */
  async passUntil(untilUs: number): Promise<void> {
    for (;;) {
      const restMs = Math.ceil((untilUs - (await this.nowUs())) / 1_000);
      if (restMs <= 0) return;
      await this.pass(restMs);
    }
  }

  async pass(ms: number): Promise<void> {
    await (this.#advance ?? sleep)(ms);
  }
}

/** A hold that outlasts the check, unless another time is said. */
export function holdOf(id: string, expiresInMs = keepMs): StoreHold {
  return { id, expiresInMs, rememberMs: keepMs };
}

/** Makes a check of what is to be done in a place. */
export function check(name: string, summary: string, play: (place: Place) => Promise<void>): QuotaStoreCheck {
  return {
    name,
    summary,
    async run(open) {
      const opened = await open();
      try {
        const place = new Place(opened);
        await place.enter();
        await play(place);
      } finally {
        await opened.store.close?.();
      }
    },
  };
}

function described(limits: Limits, amounts: Amounts): string {
  return limits
    .map(({ kind, counter, cap }, index) => `${amounts[index]} of ${kind} "${counter}" with ${cap}`)
    .join(', ');
}
