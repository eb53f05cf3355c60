/** What every check of this package can be told. */
export interface CheckOptions {
  /** What it is for: see `HealthCheck`. @default 'ready' */
  readonly group?: string | undefined;
  /** Longest time for an answer, in milliseconds. Less than what a probe waits. @default 800 */
  readonly timeoutMs?: number | undefined;
  /** An answer is used for this long, in milliseconds, however many ask. @default 1_000 */
  readonly maxAgeMs?: number | undefined;
}
