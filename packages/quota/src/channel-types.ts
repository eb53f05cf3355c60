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
  /** Route template. */
  readonly route: string | undefined;
  /** Amounts by unit; negative where an estimate was too high. */
  readonly use: Use;
  /** Billionths of a US dollar, by model; an empty name is no model. */
  readonly costs: readonly { readonly unit: string; readonly model: string; readonly costNanoUsd: bigint }[];
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
