/** What an event did. */
export type LedgerEventKind =
  /** Used at once. */
  | 'use'
  /** Reserved: charged at the estimate until it is settled. */
  | 'hold'
  /** What a hold came to: the differences. */
  | 'settle'
  /** Recorded without a decision. */
  | 'record'
  /** What was asked for in vain, for the replay of plans; its amounts were never used and are in no sum. */
  | 'refused';

/** Whole amounts by unit; negative ones give back. */
export type Amounts = Readonly<Record<string, number>>;

/** One line of a bill. */
export interface CostLine {
  /** The unit that was priced: `apiCalls`, `aiTokens`, … */
  readonly unit: string;
  /** The model, where the price was a model's. */
  readonly model?: string | undefined;
  readonly amount: number;
  /** Billionths of a US dollar; `null` where there is no price. */
  readonly costNanoUsd: bigint | null;
}

/** What is written down, once for each `id` of a tenant. */
export interface LedgerEvent {
  readonly tenantId: string;
  /** The Idempotency-Key, or a random one. */
  readonly id: string;
  readonly kind: LedgerEventKind;
  /** By the store's clock; decides the period. A settlement has its hold's. */
  readonly occurredAtMs: number;
  /** What the limits counted. `costNanoUsd` is among them where a limit counts cost. */
  readonly amounts: Amounts;
  readonly costs: readonly CostLine[];
  /** Of the price book. */
  readonly priceVersion?: string | undefined;
  /** Route template. */
  readonly route?: string | undefined;
  /** Of what was asked, to tell a repetition from a reused id. */
  readonly fingerprint: string;
}

/** What became of an event. */
export type AppendOutcome =
  /** It is durable. */
  | 'stored'
  /** The same event was there. */
  | 'repeated'
  /** Another event has this id; nothing was written. */
  | 'reused'
  /** It was decided on counts that have been replaced; nothing was written, and it must be decided again. */
  | 'stale';

/** What has to be known of a tenant for its counters. */
export interface LedgerSpan {
  readonly unit: string;
  readonly startAtMs: number;
  readonly endAtMs: number;
}

/** Sums over a stretch of time. */
export interface LedgerTotal {
  readonly unit: string;
  readonly route: string | undefined;
  readonly model: string | undefined;
  readonly amount: bigint;
  readonly costNanoUsd: bigint;
  /** How many events had no price. */
  readonly unpriced: number;
}

/** The durable record of use. */
export interface QuotaLedger {
  /**
   * Writes an event. Resolves when it is durable; rejects when that is not known. One that is there is `repeated` or
   * `reused`, whatever the epoch.
   *
   * @param epoch under which it was decided, 1 or more; `undefined` writes in any case, 0 in none
   */
  append(event: LedgerEvent, epoch: number | undefined): Promise<AppendOutcome>;
  /**
   * Sums a tenant's use while nothing of the old epoch can be appended any more, and begins a new epoch.
   *
   * @param spans what to sum
   * @param install puts the sums into the store; the tenant is locked until it resolves
   */
  rehydrate(
    tenantId: string,
    spans: readonly LedgerSpan[],
    install: (epoch: number, sums: readonly number[]) => Promise<void>,
  ): Promise<void>;
  /** Sums by unit, route and model. */
  totals(tenantId: string, startAtMs: number, endAtMs: number): Promise<readonly LedgerTotal[]>;
  /** What happened, in order of time; for the replay of a plan. */
  events(tenantId: string, startAtMs: number, endAtMs: number): AsyncIterable<LedgerEvent>;
  /** Writes what is waiting. */
  close?(options?: { readonly timeoutMs?: number | undefined }): Promise<void>;
}
