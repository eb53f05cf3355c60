import type { QuotaLedger } from '../ledger/ledger-types';
import type { Plans } from '../plan/plan-types';
import type { Decision } from '../types';
import type { Arrears } from './arrears';
import type { Charges } from './charges';
import type { Counts } from './counts';
import type { Decider } from './decider';
import type { Denials } from './denials';
import type { Fallback } from './fallback';
import type { Recorder } from './recorder';
import type { RefusedDemand } from './refused-demand';
import type { Rehydrator } from './rehydrator';
import type { StoreClock } from './store-clock';

/** A decision, and what is needed to settle it. */
export interface Admission {
  readonly decision: Decision;
  /** By the store's clock. */
  readonly atMs: number;
  /** Whether the store has charged it. */
  readonly isInStore: boolean;
}

/** What decisions are made with. */
export interface AdmissionParts {
  readonly name: string;
  readonly plans: Plans;
  readonly ledger: QuotaLedger | undefined;
  readonly isDurable: boolean;
  readonly decider: Decider;
  readonly charges: Charges;
  readonly denials: Denials;
  readonly fallback: Fallback;
  readonly recorder: Recorder;
  readonly arrears: Arrears;
  readonly refused: RefusedDemand;
  readonly rehydrator: Rehydrator;
  readonly storeClock: StoreClock;
  readonly counts: Counts;
}
