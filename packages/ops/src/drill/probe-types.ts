import type { Clock } from '@unite/core';
import type { Latency } from '../load/load-types';

/** Options of `startProbe`. */
export interface ProbeOptions {
  /** What is asked, `http://` or `https://`, each at every tick; at most 50. */
  readonly urls: readonly string[] | string;
  /** From one request to the next of each URL, in milliseconds, whatever the answers do; at least 10. @default 1_000 */
  readonly everyMs?: number | undefined;
  /** After which a request has failed, in milliseconds. @default 2_000 */
  readonly timeoutMs?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What to trust with `https://`, as PEM. @default what Node trusts */
  readonly ca?: string | undefined;
  /** Whether an answer is one. A throw is a failure. @default its status is below 400 */
  readonly isGood?: ((answer: ProbeAnswer) => boolean) | undefined;
  readonly clock?: Clock | undefined;
}

/** An answer, read to its end. */
export interface ProbeAnswer {
  readonly url: string;
  readonly status: number;
  /** The first 64 kB. */
  readonly text: string;
}

/** A running probe. */
export interface Probe {
  /** Ends it, waits for what is under way (at most `timeoutMs`), and reports. Idempotent; never rejects. */
  stop(): Promise<ProbeReport>;
}

/** How one URL, or all of them together, did. */
export interface ProbeFigures {
  /** Requests that were due. */
  readonly asked: number;
  /** Those without a good answer in time; with those that the prober itself could not send in time. */
  readonly failed: number;
  /** Those of `failed` that were never sent: this process, or its machine, stood still. */
  readonly missedTicks: number;
  /** Part of the requests with a good answer, 0 to 1. Without any request 0: nothing was shown. */
  readonly availability: number;
  /** From the first request that failed to the next that did not, in milliseconds. */
  readonly longestOutageMs: number;
  /** Of good answers, from when their requests were due. */
  readonly latency: Latency;
}

/** What a probe saw. */
export interface ProbeReport extends ProbeFigures {
  readonly durationMs: number;
  /** Why requests failed, and how often: `status 503`, `time-out`, `ECONNREFUSED`; at most 20 reasons. */
  readonly failures: Readonly<Record<string, number>>;
  readonly byUrl: readonly (ProbeFigures & { readonly url: string })[];
}
