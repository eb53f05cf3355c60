import type { PeriodKind } from '../period/period-types';

/** An amount of money in US dollars: a decimal as text, or a number that is read as it is written. */
export type UsdAmount = number | string;

/** What happens to one limit while the store cannot be asked. */
export type FailurePolicy =
  /** Lets it pass, and charges it later. */
  | 'open'
  /** Refuses with 503. */
  | 'closed'
  /** Decides in this process with this share of the limit, above 0 and at most 1, and charges it later. */
  | { readonly local: number };

interface LimitOptions {
  /** The unit that is counted, such as `apiCalls`; a name that `use` has. */
  readonly of: string;
  /** Whole number; `null` counts and never refuses. */
  readonly limit: number | null;
  /** While the store cannot be asked. @default `closed` for quotas, `{ local: 0.5 }` for rate and concurrency */
  readonly whenStoreFails?: FailurePolicy | undefined;
}

/** So much in a calendar period; counted exactly. */
export interface QuotaLimitOptions extends LimitOptions {
  readonly per: PeriodKind;
  /** Share of the limit from which the state is `warn`. @default 0.8 */
  readonly warnAt?: number | undefined;
  /** What may be used beyond the limit, as a share of it; the state is `grace` there. @default 0 */
  readonly grace?: number | undefined;
  /** Beyond limit and grace: go on, with the state `overage`, instead of refusing. @default false */
  readonly overage?: boolean | undefined;
}

/**
 * So much at a time: the generic cell rate algorithm (GCRA). `burst` may be used at once and comes back at
 * `limit` per `windowMs`; any stretch of `windowMs` admits at most `burst + limit`.
 */
export interface RateLimitOptions extends LimitOptions {
  readonly windowMs: number;
  /** @default `limit` */
  readonly burst?: number | undefined;
}

/** So many holds at once that use the unit. What crashes gives its place back when the hold expires. */
export interface ConcurrencyLimitOptions extends LimitOptions {}

/** What `quotaLimit` makes. */
export interface QuotaLimit extends QuotaLimitOptions {
  readonly kind: 'quota';
}
/** What `rateLimit` makes. */
export interface RateLimit extends RateLimitOptions {
  readonly kind: 'rate';
}
/** What `concurrencyLimit` makes. */
export interface ConcurrencyLimit extends ConcurrencyLimitOptions {
  readonly kind: 'concurrency';
}

/** Made by `quotaLimit`, `rateLimit` and `concurrencyLimit`. */
export type Limit = QuotaLimit | RateLimit | ConcurrencyLimit;

/** A limit of a plan: a number, `null` for no limit, or a declaration. */
export type PlanLimit = number | null | Limit;

/**
 * One plan. Names say what they are:
 *
 * - `<unit>Per<Second|Minute|Hour|Day|Week|Month|BillingPeriod>`: a quota, such as `apiCallsPerDay: 1_000`
 * - `costUsdPer<…>`: a quota of cost, such as `costUsdPerMonth: 50`
 * - `<resource>Max`: how many there may be, such as `contactsMax: 100`
 * - any other name: a declaration, such as `burst: rateLimit({ of: 'apiCalls', limit: 20, windowMs: 1_000 })`
 */
export interface PlanDefinition {
  /** What the plan costs; the cheapest plan that suffices is suggested. @default the order of the plans */
  readonly monthlyPriceUsd?: UsdAmount | undefined;
  /** Price of one AI token where no model is named, in US dollars: 0.000015 is $15 per million. */
  readonly costPerToken?: UsdAmount | undefined;
  /** Price of one API call, in US dollars. */
  readonly costPerCall?: UsdAmount | undefined;
  /** Price of a gigabyte kept for an hour, in US dollars; the unit is `storageGbHours`. */
  readonly costPerStorageGbHour?: UsdAmount | undefined;
  readonly [limit: string]: PlanLimit | string | undefined;
}

type Complete<Declaration> = { readonly [Key in keyof Declaration]-?: Exclude<Declaration[Key], undefined> };

/** A limit with its name, checked and with every default. */
export type NamedLimit = { readonly name: string } & (
  | Complete<QuotaLimit>
  | Complete<RateLimit>
  | Complete<ConcurrencyLimit>
);

/** A plan that was checked. */
export interface Plan {
  readonly name: string;
  /** Position by price, the cheapest first. */
  readonly rank: number;
  readonly monthlyPriceNanoUsd: bigint | undefined;
  readonly limits: readonly NamedLimit[];
  /** Resource → how many; `null` is any number. */
  readonly resources: ReadonlyMap<string, number | null>;
  /** Unit → price of a million, in billionths of a US dollar. */
  readonly unitPricesNanoUsdPerMillion: ReadonlyMap<string, bigint>;
}

/** The plans of an application, the cheapest first. Made by `definePlans`. */
export interface Plans<Name extends string = string> {
  readonly names: readonly Name[];
  readonly byName: ReadonlyMap<string, Plan>;
  /** Every unit that a limit counts. */
  readonly units: ReadonlySet<string>;
}
