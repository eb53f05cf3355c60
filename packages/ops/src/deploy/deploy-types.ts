import type { Verifier } from '@unite/core';
import type { LoadOptions } from '../load/load-types';
import type { HaproxyAddress } from './haproxy/haproxy-control';

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
  /** The same for answers of 4xx: a release without its routes answers 404 to everybody. @default 0.1 */
  readonly maxClientErrorRateRise?: number | undefined;
}

/** Starts the release in a slot: it must listen on the slot's host and port. Rejects where it cannot. */
export type StartRelease = (slot: DeploySlot, signal: AbortSignal) => Promise<ReleaseProcess>;

/** A release as a command. It outlives the deployment, and the next one ends it. */
export interface ReleaseCommand {
  /** The server itself, not a shell or a script runner before it: that is what SIGTERM goes to. */
  readonly command: readonly string[];
  /** Besides PORT, HOST, HOSTNAME, RELEASE and DEPLOYMENT. @default the environment of this process */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** @default here */
  readonly cwd?: string | undefined;
}

/** When the new release counts as ready. */
export interface ReadinessOptions {
  /** @default '/health/ready' */
  readonly path?: string | undefined;
  /** Answers of 200 in a row. @default 3 */
  readonly times?: number | undefined;
  /** Between two questions, in milliseconds. @default 200 */
  readonly intervalMs?: number | undefined;
  /** From the start of the release, in milliseconds. @default 60_000 */
  readonly timeoutMs?: number | undefined;
}

/** What the new release has to pass before any user is sent to it. */
export interface DeployGate {
  /** Proves the release in this slot. */
  readonly verify?: ((slot: DeploySlot) => readonly Verifier[]) | undefined;
  /** Loads it; the objectives decide. */
  readonly load?: Omit<LoadOptions, 'target' | 'signal' | 'onProgress'> | undefined;
}

/** Options of `deploy`. */
export interface DeployOptions {
  readonly proxy: HaproxyAddress;
  /** The two servers of the backend. @default ['blue', 'green'] */
  readonly slots?: readonly [string, string] | undefined;
  /** How the slots are spoken to; certificates must be trusted (NODE_EXTRA_CA_CERTS). @default 'http' */
  readonly scheme?: 'http' | 'https' | undefined;
  readonly start: StartRelease | ReleaseCommand;
  /** What runs in the active slot, where a function has started it. Without, a release by function is not stopped. */
  readonly running?: ReleaseProcess | undefined;
  /** As it is told to the release and shown. @default the id of the deployment */
  readonly release?: string | undefined;
  /** Go on where no slot is up: nothing is compared, and there is nothing to go back to. @default false */
  readonly initial?: boolean | undefined;
  readonly readiness?: ReadinessOptions | undefined;
  readonly gate?: DeployGate | undefined;
  readonly canary?: CanaryOptions | undefined;
  /** After the users have moved, the old release is kept so long and takes over again, in milliseconds. @default 10_000 */
  readonly watchMs?: number | undefined;
  /** A release that takes no more users is given so long for those it has, in milliseconds. @default 10_000 */
  readonly drainMs?: number | undefined;
  /** From SIGTERM to SIGKILL, in milliseconds. @default 30_000 */
  readonly stopMs?: number | undefined;
  /** Where processes of commands are noted and what they say is kept. @default '.unite/deploy' */
  readonly stateDirectory?: string | undefined;
  /** Look at everything and change nothing. @default false */
  readonly dryRun?: boolean | undefined;
  /** Ends the deployment early: it is rolled back. */
  readonly signal?: AbortSignal | undefined;
  /** Hears what is being done. */
  readonly onProgress?: ((text: string) => void) | undefined;
}

/** One step of a deployment. */
export interface DeployStep {
  /** `start`, `readiness`, `gate`, `canary 10 %`, `promote`, `watch`, `retire`, `roll back`. */
  readonly name: string;
  /** From the beginning of the deployment, in milliseconds. */
  readonly atMs: number;
  readonly durationMs: number;
  readonly outcome: 'done' | 'failed';
  readonly detail: string;
}

/** Requests of one release, as the proxy counted them. */
export interface ReleaseCounts {
  readonly requests: number;
  /** Answered with 5xx, not at all, or broken off. */
  readonly failed: number;
  /** Answered with 4xx. */
  readonly clientErrors: number;
  /** To the headers of an answer; `null` where there was none. */
  readonly meanMs: number | null;
  /** How far that may be off: the proxy tells whole milliseconds of a sliding mean. */
  readonly withinMs: number;
}

/** The new release beside the one that ran, in one step. */
export interface Comparison {
  /** The step's name. */
  readonly step: string;
  /** Share of users that the new release had, in percent. */
  readonly percent: number;
  readonly canary: ReleaseCounts;
  readonly running: ReleaseCounts;
  /** By how much its share of failed requests is higher, with 99.9 % confidence each: at least and at most. */
  readonly errorRateRise: readonly [number, number];
  readonly verdict: 'as good' | 'failing' | 'slow' | 'too few requests';
  /** Why. */
  readonly reason: string;
}

/** What a deployment came to. */
export interface DeployReport {
  /**
   * `failed`: nothing to go back to, or going back did not work; `serving` says who has the users. `planned`: with
   * `dryRun`.
   */
  readonly outcome: 'promoted' | 'rolled back' | 'failed' | 'planned';
  readonly release: string;
  readonly deployment: string;
  /** The slot that had the users; `undefined` where none was up. */
  readonly from: string | undefined;
  /** The slot of the new release. */
  readonly to: string;
  /** The slot that has the users now. */
  readonly serving: string | undefined;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly steps: readonly DeployStep[];
  /** By slot, since the first user was sent to the new release. */
  readonly requests: Readonly<Record<string, ReleaseCounts>>;
  readonly comparisons: readonly Comparison[];
  /** Why it was not promoted. */
  readonly reason: string | undefined;
  /** What the new release said last, where it has ended. */
  readonly output: string | undefined;
  /** From the start of the new release to the decision against it, in milliseconds. */
  readonly detectedAfterMs: number | undefined;
  /** From the start of the new release until all users were back, in milliseconds. */
  readonly rolledBackAfterMs: number | undefined;
  /** How long users were sent to the release that was rolled back, in milliseconds. */
  readonly exposedMs: number | undefined;
  readonly interrupted: boolean;
  readonly warnings: readonly string[];
}
