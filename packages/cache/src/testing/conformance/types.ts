import type { RemoteLayer } from '../../remote-types';

/** One thing that a remote layer has to do. */
export interface RemoteLayerCheck {
  /** kebab-case. */
  readonly name: string;
  /** What has to hold, in one sentence. */
  readonly summary: string;
  /**
   * Does it, in a namespace of its own. Each layer that `open` makes stands for another process; all of them must lead
   * to the same store.
   *
   * @throws Error that says what was expected and what came
   */
  run(open: () => RemoteLayer): Promise<void>;
}

/** Options of {@link checkRemoteLayer}. */
export interface CheckRemoteLayerOptions {
  /** Names of the checks to run. @default every one */
  readonly only?: readonly string[] | undefined;
  /** Longest time for one check, in milliseconds. @default 30_000 */
  readonly timeoutMs?: number | undefined;
  /** Hears of each check when it begins. */
  readonly onProgress?: ((name: string) => void) | undefined;
}

/** What a layer showed. */
export interface RemoteLayerReport {
  readonly results: readonly RemoteLayerResult[];
  /** What failed, in words; empty where all holds. */
  readonly failures: readonly string[];
}

/** How one check ended. */
export interface RemoteLayerResult extends Pick<RemoteLayerCheck, 'name' | 'summary'> {
  readonly holds: boolean;
  /** What was expected and what came; absent where it holds. */
  readonly seen?: string | undefined;
  /** In milliseconds. */
  readonly tookMs: number;
}
