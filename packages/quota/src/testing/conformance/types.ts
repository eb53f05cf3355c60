import type { QuotaStore } from '../../store/store-types';

/** A store to be checked. */
export interface CheckedStore {
  readonly store: QuotaStore;
  /** Moves the store's clock, in milliseconds. Without it, the checks wait for a real one. */
  readonly advance?: ((ms: number) => Promise<void>) | undefined;
}

/** Makes a store, for each check a new one; all may lead to the same place. It is closed when the check ends. */
export type OpenQuotaStore = () => CheckedStore | Promise<CheckedStore>;

/** One thing that a store has to do. */
export interface QuotaStoreCheck {
  /** kebab-case. */
  readonly name: string;
  /** What has to hold, in one sentence. */
  readonly summary: string;
  /**
   * Does it, for subjects of its own.
   *
   * @throws Error that says what was expected and what came
   */
  run(open: OpenQuotaStore): Promise<void>;
}

/** Options of {@link checkQuotaStore}. */
export interface CheckQuotaStoreOptions {
  /** Names of the checks to run. @default every one */
  readonly only?: readonly string[] | undefined;
  /** Longest time for one check, in milliseconds. @default 30_000 */
  readonly timeoutMs?: number | undefined;
  /** Hears of each check when it begins. */
  readonly onProgress?: ((name: string) => void) | undefined;
}

/** What a store showed. */
export interface QuotaStoreReport {
  readonly results: readonly QuotaStoreResult[];
  /** What failed, in words; empty where all holds. */
  readonly failures: readonly string[];
}

/** How one check ended. */
export interface QuotaStoreResult extends Pick<QuotaStoreCheck, 'name' | 'summary'> {
  readonly holds: boolean;
  /** What was expected and what came; absent where it holds. */
  readonly seen?: string | undefined;
  /** In milliseconds. */
  readonly tookMs: number;
}
