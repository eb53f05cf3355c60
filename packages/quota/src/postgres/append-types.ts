import type { LedgerEvent } from '../ledger/ledger-types';

/** An event that is to be written, and the epoch under which it was decided. */
export interface Append {
  readonly event: LedgerEvent;
  readonly epoch: number | undefined;
}

/** What became of one. */
export type Verdict =
  /** `fingerprint` is that of the event which has the id now. */
  | { readonly outcome: 'stored' | 'repeated' | 'reused'; readonly fingerprint: string }
  | { readonly outcome: 'stale' }
  /** The tenant is being rehydrated: only then can it be told. */
  | { readonly outcome: 'busy' }
  | { readonly outcome: 'failed'; readonly error: Error };

/** Says what became of one, as soon as it is known. */
export type Tell = (append: Append, verdict: Verdict) => void;
