/** What a model used. Cached and reasoning tokens are among the input and the output. */
export interface AiUsage {
  /** Such as `openai`. @default none */
  readonly provider?: string | undefined;
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** @default 0 */
  readonly cachedInputTokens?: number | undefined;
  /** @default 0 */
  readonly reasoningTokens?: number | undefined;
  /** What it was used for, of low cardinality: `contact-scoring`. */
  readonly feature?: string | undefined;
}

/** The part of a price book that is needed here; `definePrices` of `@unite/quota/cost` makes one. */
export interface CostPrices {
  readonly version: string;
  /** A line's cost is `null` where the model has no price. */
  modelLines(usage: Omit<AiUsage, 'provider' | 'feature'>): readonly {
    readonly unit: string;
    readonly amount: number;
    readonly costNanoUsd: bigint | null;
  }[];
}

/** A cost that is known. */
export interface CostEntry {
  /** What it was for: `database`, `storage`, the name of an API. Of low cardinality. */
  readonly kind: string;
  /** Billionths of a US dollar; negative where an estimate was too high. */
  readonly costNanoUsd: bigint;
  /** Such as the model. */
  readonly name?: string | undefined;
  /** @default those of the request that is under way */
  readonly tenantId?: string | undefined;
  readonly route?: string | undefined;
}

/** Options of the ledger of costs. */
export interface CostLedgerOptions {
  /** Rows of route, tenant, kind and name; what is over is added to one row. @default 10_000 */
  readonly maxRows?: number | undefined;
  /**
   * Whether the uses that `@unite/quota` charges are taken over from its channel, so that both agree exactly. Then
   * `recordAiUsage` is not to be called for what quota charges. @default true
   */
  readonly fromQuota?: boolean | undefined;
  /** What a second of a database's time costs, in billionths of a US dollar. @default none */
  readonly databaseSecondNanoUsd?: bigint | undefined;
}

/** The part of the message on `unite:quota:use` that is needed here. */
export interface QuotaUse {
  /** @default that of the request that is under way */
  readonly tenantId?: string | undefined;
  /** Of the request that asked, also where it is over by now. */
  readonly route?: string | undefined;
  /** What is new, and with negative amounts what is given back. */
  readonly costs: readonly {
    readonly unit: string;
    /** An empty name is no model. */
    readonly model: string;
    readonly amount?: number | undefined;
    readonly costNanoUsd: bigint;
    readonly isUnpriced?: boolean | undefined;
  }[];
}

/** One row of the ledger. */
export interface CostRow {
  /** Empty outside of requests; `__overflow__` where it was no text of 1 to 255 characters. */
  readonly route: string;
  /** Empty where there is none; `__overflow__` as for the route. */
  readonly tenantId: string;
  /** Empty where the service has none. */
  readonly release: string;
  /** Of AI: the kind of token that was priced, as in the ledger of `@unite/quota`: `inputTokens`, `outputTokens`, … */
  readonly kind: string;
  /** Of AI: the model. Empty where there is none. */
  readonly name: string;
  readonly costNanoUsd: bigint;
  /** How many entries it is the sum of. */
  readonly entries: number;
}

/** What was spent since the start. */
export interface CostReport {
  /** The dearest first. */
  readonly rows: readonly CostRow[];
  /** Exact: the sum of all rows. */
  readonly totalNanoUsd: bigint;
  /** Models that have no price: the cost is too low. 100 at most. */
  readonly unpriced: readonly string[];
  /** Entries that went to the row of what is over `maxRows`. */
  readonly overflowed: number;
  /** Entries that were refused: no whole number of tokens, no bigint, no name. They are in no row. */
  readonly refused: number;
}
