import type { QuotaState, Use } from './types';

/** Message of `unite:quota:check` and `unite:quota:reserve`; what was decided is set at the end. */
export interface QuotaDecisionMessage {
  /** The quota's namespace. */
  readonly quota: string;
  plan?: string;
  allowed?: boolean;
  state?: QuotaState;
  /** Names of the limits that refuse. */
  violated?: readonly string[];
  by?: 'store' | 'denial' | 'local' | 'open';
  error?: unknown;
}

/** Message of `unite:quota:settle`. */
export interface QuotaSettleMessage {
  readonly quota: string;
  readonly as: 'commit' | 'release';
  isLate?: boolean;
  error?: unknown;
}

/** Message of `unite:quota:use`: what was used, or given back, with its cost. */
export interface QuotaUseMessage {
  readonly quota: string;
  readonly plan: string;
  /** Who is charged: the one that the call named, else that of the context. Not for the label of a metric. */
  readonly tenantId: string;
  /** Route template. */
  readonly route: string | undefined;
  /** Amounts by unit; negative where an estimate was too high. */
  readonly use: Use;
  /** One for each line that the ledger is given. */
  readonly costs: readonly UsedCost[];
  readonly isUnpriced: boolean;
}

/** One line of a cost, in a {@link QuotaUseMessage}. */
export interface UsedCost {
  readonly unit: string;
  /** An empty name is no model. */
  readonly model: string;
  /** Negative where it is given back. */
  readonly amount: number;
  /** Billionths of a US dollar; 0 where there is no price. */
  readonly costNanoUsd: bigint;
  /** There is no price. */
  readonly isUnpriced: boolean;
}

/** Message of `unite:quota:health`. */
export interface QuotaHealthMessage {
  readonly quota: string;
  readonly part: 'store' | 'ledger';
  readonly state: 'up' | 'down';
  readonly error?: unknown;
}

/** Why a use was lost. */
export type QuotaLossReason = 'queue-full' | 'closed' | 'refused' | 'uncertain';

/** Message of `unite:quota:lost`: a use that will not be charged or written down. */
export interface QuotaLostMessage {
  readonly quota: string;
  /** `uncertain`: it was asked for, and the answer was lost; it may have been charged, and is not charged again. */
  readonly reason: QuotaLossReason;
  readonly use: Use;
}
