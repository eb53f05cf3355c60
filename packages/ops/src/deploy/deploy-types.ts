// The contract of `unite deploy` and of who calls it, such as a drill.

/** A release to be started: a command, or a function that starts it. */
export interface ReleaseProcess {
  /** Ends it in the way it ends by itself: SIGTERM, then waiting. Resolves when it is gone; never rejects. */
  stop(): Promise<void>;
  /** Resolves when the process has ended, with what it said last. */
  readonly exited: Promise<{ readonly code: number | string | null; readonly output: string }>;
}

/** One of the two places that a release can have behind the proxy. */
export interface DeploySlot {
  /** `blue` or `green`: the server's name in the backend. */
  readonly name: string;
  /** Where it listens, as the proxy reaches it. */
  readonly host: string;
  readonly port: number;
}

/** How the new release is compared with the one that runs. */
export interface CanaryOptions {
  /** Of the requests, in percent, one step after the other. @default [10, 50] */
  readonly percents?: readonly number[] | undefined;
  /** Each step lasts at least so long, in milliseconds. @default 5_000 */
  readonly stepMs?: number | undefined;
  /** The least number of requests that the canary must have answered in a step; below it the deployment fails. @default 50 */
  readonly minRequests?: number | undefined;
  /** A step that has too few requests waits so long in all, in milliseconds. @default 30_000 */
  readonly patienceMs?: number | undefined;
  /** By how much the share of failed requests may be higher, 0 to 1. @default 0.01 */
  readonly maxErrorRateRise?: number | undefined;
  /** How many times slower the answers may be on average. @default 2 */
  readonly maxSlowdown?: number | undefined;
  /** Slower by less than that is never slow, in milliseconds. @default 50 */
  readonly minSlowdownMs?: number | undefined;
}
