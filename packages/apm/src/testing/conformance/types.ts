import type { Sink } from '../../sink-types';

/** A sink to be checked. */
export interface CheckedSink {
  readonly sink: Sink;
  /** Takes the receiver away: it refuses, or does not answer. Without it, that check shows less. */
  readonly breakReceiver?: (() => Promise<void> | void) | undefined;
  /** Called when the check has ended. */
  readonly dispose?: (() => Promise<void> | void) | undefined;
}

/** Makes a sink, for each check a new one. */
export type OpenSink = () => CheckedSink | Promise<CheckedSink>;

/** One thing that a sink has to do. */
export interface SinkCheck {
  /** kebab-case. */
  readonly name: string;
  /** What has to hold, in one sentence. */
  readonly summary: string;
  /**
   * Does it.
   *
   * @throws Error that says what was expected and what came
   */
  run(open: OpenSink): Promise<void>;
}

/** Options of {@link checkSink}. */
export interface CheckSinkOptions {
  /** Longest time for one check, in milliseconds. @default 30_000 */
  readonly timeoutMs?: number | undefined;
}

/** What a sink showed. */
export interface SinkCheckReport {
  readonly results: readonly SinkCheckResult[];
  /** What failed, in words; empty where all holds. */
  readonly failures: readonly string[];
}

/** How one check ended. */
export interface SinkCheckResult extends Pick<SinkCheck, 'name' | 'summary'> {
  readonly holds: boolean;
  /** What was expected and what came; absent where it holds. */
  readonly seen?: string | undefined;
}
