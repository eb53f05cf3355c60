/** One limit as a store sees it. Times are microseconds since the epoch by the store's own clock. */
export interface StoreLimit {
  /**
   * - `quota`: a count within a period
   * - `rate`: GCRA
   * - `concurrency`: leases
   * - `backoff`: failures that close the door for longer each time
   */
  readonly kind: 'quota' | 'rate' | 'concurrency' | 'backoff';
  /** Name of the counter. The same in every plan, so that a change of plan keeps the count. No comma, no line feed. */
  readonly counter: string;
  /** `quota`: the most that may be used; `rate`: the burst; `concurrency`: places; `backoff`: free failures. */
  readonly cap: number;
  /**
   * `quota`: start of the period; `rate`: microseconds for one, best in whole quarters, which doubles add exactly;
   * `backoff`: first wait; else 0.
   */
  readonly first: number;
  /** `quota`: end of the period; `backoff`: longest wait; else 0. */
  readonly second: number;
}

/** Makes a use take effect until it is settled. */
export interface StoreHold {
  readonly id: string;
  /** Until then a commit may lower what was charged. */
  readonly expiresInMs: number;
  /** How long it is known that it was settled. */
  readonly rememberMs: number;
}

/** Makes a use take effect once. */
export interface StoreEvent {
  readonly id: string;
  /** Of what was asked; another one under the same id is refused. */
  readonly fingerprint: string;
  /** Never shorter; a store may count in whole milliseconds, as of a hold and a settlement. */
  readonly rememberMs: number;
}

interface StoreCall {
  /** Whose counters these are: `tenant:acme`, `address:192.0.2.1`. Any text. */
  readonly subject: string;
  /** A subject with these limits is asked for often: the same array each time, so that a store may keep what it made of it. */
  readonly limits: readonly StoreLimit[];
  /** One for each limit. */
  readonly amounts: readonly number[];
}

/** Asks whether all amounts fit, and charges them where they do. */
export interface DecideCall extends StoreCall {
  /** The counts are those of a ledger: where they are missing or older, the answer is `unknown`. */
  readonly isLedgered: boolean;
  /** How long the counters are kept after the last use. */
  readonly keepMs: number;
  readonly hold?: StoreHold | undefined;
  readonly event?: StoreEvent | undefined;
}

/** What a store made of a {@link DecideCall}. */
export type DecideReply =
  | StoreDecision
  /** The store's now is outside a quota's period: ask again with the right one. */
  | { readonly outcome: 'period'; readonly nowUs: number }
  /** The counts are missing, or of another life of the store: they must be installed first. */
  | { readonly outcome: 'unknown' }
  /** This event took effect before; nothing was charged now. */
  | { readonly outcome: 'repeated'; readonly nowUs: number; readonly values: readonly number[] }
  /** Another event took effect under this id. */
  | { readonly outcome: 'reused' };

/** It was decided: charged as a whole, or not at all. */
export interface StoreDecision {
  readonly outcome: 'decided';
  /** By the store's clock. */
  readonly nowUs: number;
  /** Indices of the limits that refuse. Empty: all amounts were charged; else none was. */
  readonly refused: readonly number[];
  /**
   * One for each limit, after the charge: `quota` what is used; `rate` the theoretical arrival time in
   * microseconds; `concurrency` places taken; `backoff` when it opens in microseconds.
   */
  readonly values: readonly number[];
  /** Of the ledger, as installed; 0 without one. */
  readonly epoch: number;
  /** A hold may be open until then, so that what is used may become less; 0 when there is none. */
  readonly holdsUntilUs: number;
}

/** Asks to make of a hold what was used. */
export interface SettleCall extends StoreCall {
  readonly holdId: string;
  readonly keepMs: number;
  readonly rememberMs: number;
}

/** What became of a hold. */
export type SettleReply =
  | {
      readonly outcome: 'settled';
      /** After it expired: what was charged became more or stayed. */
      readonly isLate: boolean;
      /** What was added for each limit; negative what was given back. */
      readonly added: readonly number[];
      readonly values: readonly number[];
      /** Of the ledger, as installed; 0 without one. */
      readonly epoch: number;
    }
  /** It was committed or released before; nothing was changed now. */
  | { readonly outcome: 'repeated' }
  /** Nothing is known of it: lost, or forgotten. */
  | { readonly outcome: 'unknown' };

/** Asks to add to counters, or to take from them, without a limit. */
export interface AdjustCall extends StoreCall {
  readonly isLedgered: boolean;
  readonly keepMs: number;
}

/** Asks for counters. */
export interface ReadCall extends Omit<StoreCall, 'amounts'> {
  readonly isLedgered: boolean;
}

/** Counters, as they stand. */
export interface ReadReply {
  readonly outcome: 'read';
  readonly nowUs: number;
  readonly values: readonly number[];
  readonly epoch: number;
}

/** Sets counters to what a ledger says. */
export interface InstallCall extends Omit<StoreCall, 'amounts'> {
  readonly epoch: number;
  /** What is used, for each limit; `rate`, `concurrency` and `backoff` are left as they are. */
  readonly used: readonly number[];
  readonly keepMs: number;
}

type Answer<Reply> = Reply | Promise<Reply>;

/** Where counters are kept. Every call is atomic for its subject. Rejects for an outage. */
export interface QuotaStore {
  /** Refuses with every limit that does, else charges all. */
  decide(call: DecideCall): Answer<DecideReply>;
  /**
   * Makes of a hold what was used in truth. `quota`: the difference is charged or given back, if its period is not
   * over; after the expiry nothing is given back. `rate`: more is charged, less is not given back. `concurrency`: the
   * place is free.
   */
  settle(call: SettleCall): Answer<SettleReply>;
  /** Charges, or with negative amounts gives back, whatever the limits say; never below zero. `concurrency` is left alone. */
  adjust(call: AdjustCall): Answer<ReadReply | { readonly outcome: 'unknown' }>;
  read(call: ReadCall): Answer<ReadReply | { readonly outcome: 'unknown' }>;
  /** Takes the counts of a ledger, unless those of a later epoch are there. */
  install(call: InstallCall): Answer<{ readonly outcome: 'installed' | 'outdated' }>;
  /** Whether it answers within the process, so that no deadline is needed. */
  readonly isLocal: boolean;
  close?(): Promise<void>;
}
