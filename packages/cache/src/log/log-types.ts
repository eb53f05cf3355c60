import type { AppendRequest } from '../remote-types';

/** Where invalidations are written down: in this process, or for all of them. */
export interface InvalidationLog {
  /**
   * Asks for the last invalidation of some names, and for the stamp of a load that begins with the answer.
   *
   * @returns nothing where the log cannot be reached
   */
  check(names: readonly string[]): Promise<LogCheck | undefined>;
  /**
   * What the database said about a write of this process that the log has not taken yet.
   *
   * @returns nothing where none of the names waits
   */
  pendingToken(names: readonly string[]): string | undefined;
  /** Begins to read on in the log, if it has not yet. */
  follow(): void;
  /**
   * The same from what was read in the log a moment ago: that an entry with this stamp is valid.
   *
   * @returns nothing where it is not, or where only the log can tell
   */
  recall(names: readonly string[], stamp: number): LogCheck | undefined;
  /** Takes effect in this process at once, and in the others when it is acknowledged. Never rejects for an outage. */
  invalidate(
    names: readonly string[],
    options?: Pick<AppendRequest, 'token' | 'unless'>,
  ): Promise<LogInvalidation>;
}

export interface LogCheck {
  /** Position of the log: what is loaded from now on is not older. */
  readonly stamp: number;
  /** Position of the last invalidation among the names; 0 when there is none. */
  readonly invalidatedAt: number;
  /** How long ago that was, in milliseconds; everything of the namespace does not count. */
  readonly invalidatedMsAgo: number;
  /** What the database said about the write behind it. */
  readonly token?: string | undefined;
  /** When the question was asked, monotonic. */
  readonly askedAtMs: number;
}

export interface LogInvalidation {
  readonly acknowledged: boolean;
  /** Where it stands in the log; absent when it was held back by `unless`. */
  readonly position?: number | undefined;
  /** All names, with those that follow. */
  readonly names: readonly string[];
}
