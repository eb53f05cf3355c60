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

/** The part of a price book that is needed here; `definePrices` of `@unite/quota` makes one. */
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

/** One row of the ledger. */
export interface CostRow {
  readonly route: string;
  readonly tenantId: string;
  readonly release: string;
  readonly kind: string;
  readonly name: string;
  readonly costNanoUsd: bigint;
  /** How many entries it is the sum of. */
  readonly entries: number;
}

/** What was spent since the start. */
export interface CostReport {
  readonly rows: readonly CostRow[];
  /** Exact: the sum of all rows. */
  readonly totalNanoUsd: bigint;
  /** Models that have no price: the cost is too low. 100 at most. */
  readonly unpriced: readonly string[];
  /** Entries that went to the row of what is over `maxRows`. */
  readonly overflowed: number;
}
