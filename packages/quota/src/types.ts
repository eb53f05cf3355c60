import type { Clock, CloseOptions, ContextSource } from '@unite/core';
import type { ModelUsage, PriceBook } from './cost/cost-types';
import type { QuotaLedger } from './ledger/ledger-types';
import type { Calendar } from './period/period-types';
import type { Limit, Plans } from './plan/plan-types';
import type { QuotaStore } from './store/store-types';

/** Whole amounts by unit: `{ apiCalls: 1 }`. */
export type Use = Readonly<Record<string, number>>;

/** What a tenant has agreed to. */
export interface TenantTerms<PlanName extends string = string> extends Calendar {
  readonly plan: PlanName;
}

/** Options of `createQuota`. */
export interface QuotaOptions<PlanName extends string = string> {
  readonly plans: Plans<PlanName>;
  /** Where the counters are. @default `memoryStore()`, for one process alone */
  readonly store?: QuotaStore | undefined;
  /** The durable record; without one, counters are as durable as the store, and there are no costs. */
  readonly ledger?: QuotaLedger | undefined;
  /**
   * When a use is acknowledged:
   *
   * - `store`: when the store has counted it; the ledger follows, and a crash may lose what it had not yet.
   * - `ledger`: when the ledger has it too. Counts survive any loss of the store.
   *
   * @default 'store'
   */
  readonly durability?: 'store' | 'ledger' | undefined;
  readonly prices?: PriceBook | undefined;
  /**
   * Limits that are not a tenant's own, by whom they are for: `{ address: { perAddress: rateLimit({ … }) } }` with
   * `check({ for: { address: '192.0.2.1' } })`. Those for `everyone` are for all tenants together.
   */
  readonly shared?: Readonly<Record<string, Readonly<Record<string, Limit>>>> | undefined;
  /** Looks up a tenant's plan, time zone and billing anchor where a call does not say them. */
  readonly termsOf?:
    | ((tenantId: string) => TenantTerms<NoInfer<PlanName>> | Promise<TenantTerms<NoInfer<PlanName>>>)
    | undefined;
  /** Names this quota in events and in the locks of resources. The store and the ledger have their own. @default 'quota' */
  readonly namespace?: string | undefined;
  /** Refused subjects that are remembered, so that they cost nothing until they may pass. 0 for none. @default 10_000 */
  readonly maxDenials?: number | undefined;
  /** Link of the problem document, where plans are explained. */
  readonly upgradeUrl?: string | undefined;
  /** Where the request's context is read from. @default the shared slot of `@unite/core` */
  readonly context?: ContextSource | undefined;
  readonly clock?: Clock | undefined;
}

/** What somebody wants to use. */
export interface UseRequest<PlanName extends string = string> extends Calendar {
  /** @default the context's */
  readonly tenantId?: string | undefined;
  /** @default what `termsOf` says, else the context's */
  readonly plan?: PlanName | undefined;
  readonly use: Use;
  /** For whom the shared limits are asked: `{ address: '192.0.2.1' }`. */
  readonly for?: Readonly<Record<string, string>> | undefined;
  /** Charges once, however often it is asked: the `Idempotency-Key`. Holds within the tenant. */
  readonly idempotencyKey?: string | undefined;
  /** Route template. @default the context's */
  readonly route?: string | undefined;
  /** What a model used, or will use at most: adds to cost, and to `aiTokens` where `use` does not say them. */
  readonly model?: ModelUsage | undefined;
}

/** Options of a reservation. */
export interface ReserveRequest<PlanName extends string = string> extends UseRequest<PlanName> {
  /**
   * How long the work may take, in milliseconds; its `signal` aborts then. What was not settled stays charged at the
   * estimate, and the places of concurrency limits are free.
   *
   * @default 60_000
   */
  readonly expiresInMs?: number | undefined;
  /** When the work throws. @default 'release' */
  readonly onError?: 'release' | 'charge' | undefined;
  /** When the time is up, or the request was aborted: a model may have been paid. @default 'charge' */
  readonly onTimeout?: 'release' | 'charge' | undefined;
}

/** How somebody stands with a limit, from good to bad. */
export type QuotaState = 'ok' | 'warn' | 'grace' | 'overage' | 'blocked';

/** One limit in a decision. */
export interface LimitStatus {
  readonly name: string;
  readonly kind: 'quota' | 'rate' | 'concurrency';
  /** What is counted. */
  readonly unit: string;
  /** `null` is no limit. */
  readonly limit: number | null;
  /** What is left of it, never below 0; `null` where there is no limit. */
  readonly remaining: number | null;
  /** When it is whole again, by the store's clock, in milliseconds since the epoch; `null` for concurrency. */
  readonly resetAtMs: number | null;
  readonly state: QuotaState;
  /** Length of the window or the period, in milliseconds; `null` for concurrency. */
  readonly windowMs: number | null;
}

/** What was decided. */
export interface Decision {
  readonly allowed: boolean;
  /** When it was decided, by the store's clock, in milliseconds since the epoch. */
  readonly atMs: number;
  /** The worst of all limits. */
  readonly state: QuotaState;
  /** Names of all limits that refuse. */
  readonly violated: readonly string[];
  readonly limits: readonly LimitStatus[];
  /** How long until the same may pass; 0 when it did, `null` when waiting does not help. */
  readonly retryAfterMs: number | null;
  readonly plan: string;
  /** The cheapest plan that would have let it pass, where one would. */
  readonly sufficientPlan: string | undefined;
  /**
   * Who decided: the store; what is remembered of an earlier refusal; this process, or nobody (`open`), while the store
   * could not be asked.
   */
  readonly by: 'store' | 'denial' | 'local' | 'open';
  /** It had been charged before, under the same `idempotencyKey`. */
  readonly isRepeated: boolean;
}

/** What a hold came to: amounts by unit, what a model used, or both. */
export type Actual = { readonly use?: Use | undefined } & Partial<ModelUsage>;

/** What was charged in the end. */
export interface Settlement {
  /** Amounts by unit. */
  readonly use: Use;
  /** Billionths of a US dollar; `undefined` where nothing has a price. */
  readonly costNanoUsd: bigint | undefined;
  /** Something had no price: the cost is too low. */
  readonly isUnpriced: boolean;
  /** It came after the hold had expired: nothing was given back. */
  readonly isLate: boolean;
  /** It had been settled before; nothing was changed. */
  readonly isRepeated: boolean;
}

/** Something reserved. Settled once; what is never settled stays charged at the estimate. */
export interface Hold {
  readonly id: string;
  readonly expiresAtMs: number;
  readonly decision: Decision;
  /** Aborts when the time is up, or with the request. */
  readonly signal: AbortSignal;
  /** Charges what was used in truth, more or less than the estimate. */
  commit(actual: Actual): Promise<Settlement>;
  /** Gives back what was reserved. */
  release(): Promise<Settlement>;
}

/** How many of a resource there may be. */
export interface ResourceRequest<PlanName extends string = string> {
  readonly tenantId?: string | undefined;
  readonly plan?: PlanName | undefined;
  /** How many there are. */
  readonly current: number;
  /** @default 1 */
  readonly adding?: number | undefined;
}

/** A transaction in which a resource is counted and added. */
export interface ResourceTransaction {
  query(text: string, values: readonly unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/** Whether there is room for more of a resource. */
export interface ResourceDecision {
  readonly allowed: boolean;
  readonly resource: string;
  readonly current: number;
  readonly limit: number | null;
  /** How many more there may be. */
  readonly remaining: number | null;
  readonly state: QuotaState;
  readonly plan: string;
  readonly sufficientPlan: string | undefined;
}

/** One limit in a report of use. */
export interface LimitUsage extends LimitStatus {
  readonly used: number;
  readonly startAtMs: number | null;
  /** What will have been used at the end of the period, at the pace so far; `null` in the first 4 % of it. */
  readonly forecast: number | null;
  /** When the limit will be reached at that pace, if that is within the period. */
  readonly exhaustedAtMs: number | null;
}

/** Part of a cost. */
export interface CostShare {
  readonly name: string;
  readonly amount: bigint;
  readonly costNanoUsd: bigint;
}

/** What a tenant's uses cost in a period, and by what. */
export interface CostReport {
  readonly startAtMs: number;
  readonly endAtMs: number;
  readonly totalNanoUsd: bigint;
  /** At the pace so far. */
  readonly forecastNanoUsd: bigint;
  readonly byUnit: readonly CostShare[];
  readonly byRoute: readonly CostShare[];
  readonly byModel: readonly CostShare[];
  /** Events without a price: the total is too low by what they cost. */
  readonly unpriced: number;
}

/** How a tenant stands. */
export interface UsageReport {
  readonly tenantId: string;
  readonly plan: string;
  readonly state: QuotaState;
  readonly atMs: number;
  readonly limits: readonly LimitUsage[];
  /** How many of each resource the plan allows. */
  readonly resources: readonly { readonly name: string; readonly limit: number | null }[];
  /** Of the billing period; `null` without a ledger. */
  readonly cost: CostReport | null;
  /** The cheapest plan on which the last full billing period would have passed; `null` when this one suffices. */
  readonly suggestion: Suggestion | null;
}

/** A plan that would have let the last period pass. */
export interface Suggestion {
  readonly plan: string;
  readonly reason: string;
}

/** What a plan would have done to the use of a period. */
export interface ReplayReport {
  readonly plan: string;
  readonly startAtMs: number;
  readonly endAtMs: number;
  readonly events: number;
  readonly denied: number;
  /** Limit → how many it would have refused. */
  readonly deniedBy: Readonly<Record<string, number>>;
}

/** Counts since the start; nothing is dropped without being counted here. */
export interface QuotaStatistics {
  readonly allowed: number;
  readonly denied: number;
  /** Refusals that cost the store nothing. */
  readonly deniedFromMemory: number;
  /** Refused with 503. */
  readonly unavailable: number;
  /** Admitted while the store could not be asked. */
  readonly admittedWithoutStore: number;
  /** Uses that wait to be charged or written down. */
  readonly waiting: number;
  /** Uses that could not be kept until they were charged or written down. */
  readonly lost: number;
  /** Ids that came again with something else. */
  readonly reusedIds: number;
  /** Uses of what has no price. */
  readonly unpriced: number;
  readonly rehydrations: number;
  /** `down` since the store or the ledger could not be asked. */
  readonly store: 'up' | 'down';
  readonly ledger: 'up' | 'down' | 'none';
}

/** What `close` could not save. */
export interface QuotaCloseReport {
  readonly drained: boolean;
  readonly lost: number;
}

/** Decides who may use what, and remembers it. */
export interface Quota<PlanName extends string = string> {
  /** Units that a concurrency limit of any plan counts: an adapter reserves what uses one, and checks the rest. */
  readonly concurrentUnits: ReadonlySet<string>;
  /** As in the options: link of a refusal. */
  readonly upgradeUrl: string | undefined;
  /**
   * Charges all limits, or none when one refuses. A refusal is an answer, not an error.
   *
   * @throws TypeError for an option that there is not
   * @throws QuotaError for bad input, and `UNITE_QUOTA_UNAVAILABLE` when the store or the ledger fails and a limit is closed
   */
  check(request: UseRequest<PlanName>): Promise<Decision>;
  /**
   * Reserves, runs the work and settles.
   *
   * @throws QuotaError `UNITE_QUOTA_EXCEEDED` when a limit refuses
   */
  reserve<Result>(
    request: ReserveRequest<PlanName>,
    work: (hold: Hold) => Promise<Result> | Result,
  ): Promise<Result>;
  /** Reserves, for the caller to settle. */
  reserve(request: ReserveRequest<PlanName>): Promise<Hold>;
  /** Writes down what was used, without asking: storage, or what another system has admitted. */
  record(request: UseRequest<PlanName>): Promise<void>;
  usage(tenantId: string, terms?: Partial<TenantTerms<PlanName>>): Promise<UsageReport>;
  checkResource(resource: string, request: ResourceRequest<PlanName>): Promise<ResourceDecision>;
  /**
   * The same in the caller's transaction, so that no two can pass with the last place.
   *
   * @param transaction read committed; it holds a lock for the tenant's resource until it ends
   * @throws QuotaError `UNITE_QUOTA_EXCEEDED`
   */
  claimResource(
    transaction: ResourceTransaction,
    resource: string,
    request: Omit<ResourceRequest<PlanName>, 'current'> & {
      /** Counts them, by the same transaction. */
      readonly count: () => Promise<number>;
    },
  ): Promise<ResourceDecision>;
  /** Plays the last full billing period, or another one, through a plan. */
  replay(
    tenantId: string,
    plan: PlanName,
    period?: { readonly startAtMs: number; readonly endAtMs: number },
  ): Promise<ReplayReport>;
  statistics(): QuotaStatistics;
  /** Charges and writes down what is waiting. Idempotent; never rejects. */
  close(options?: CloseOptions): Promise<QuotaCloseReport>;
  [Symbol.asyncDispose](): Promise<void>;
}
