import type { Clock, Finding, Verifier } from '@unite/core';

/** Options of `runVerifiers`. */
export interface RunVerifiersOptions {
  /** Which of them, by name; still in the order of the list. @default all */
  readonly names?: readonly string[] | undefined;
  /** Longest time for each, in milliseconds, whatever it says itself. @default its own `timeoutMs`, else 15_000 */
  readonly timeoutMs?: number | undefined;
  /** Ends the run early. What is known by then is reported, the rest is `skipped`. */
  readonly signal?: AbortSignal | undefined;
  /** A verifier begins. */
  readonly onBegin?: ((verifier: Verifier) => void) | undefined;
  /** Hears what a verifier is waiting for. */
  readonly onNote?: ((text: string, verifier: Verifier) => void) | undefined;
  /** Hears of each verifier when it has ended. */
  readonly onResult?: ((result: VerifierReport) => void) | undefined;
  readonly clock?: Clock | undefined;
}

/** What one verifier found out. */
export interface VerifierReport {
  readonly name: string;
  readonly about: string;
  readonly durationMs: number;
  /** At least one: a verifier that says nothing has proved nothing, and that is a failed finding. */
  readonly findings: readonly Finding[];
  /** Where the verifier itself did not come to an end: the code of what it threw, or `UNITE_OPS_VERIFY_TIMEOUT`. */
  readonly code?: string | undefined;
}

/** How many findings came to what. */
export interface FindingCounts {
  readonly passed: number;
  readonly warned: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What `unite verify` found out. */
export interface VerifyReport {
  /** No finding has failed, and the run came to its end. */
  readonly passed: boolean;
  /** The signal ended it early. */
  readonly interrupted: boolean;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly counts: FindingCounts;
  /** In the order of the list. */
  readonly verifiers: readonly VerifierReport[];
}
