import type { Clock, Verifier } from '@unite/core';
import { runVerifiers } from '../../verify/run-verifiers';
import { cut, cutIfThere } from '../collect/cut';
import type { NowScreen } from '../screen-types';

/** Verifiers make round trips: not more often than this, however many look. */
const everyMs = 60_000;

/** Proves the set-up while somebody looks, and remembers what was found. */
export class VerifierRuns {
  /** Of the last run that came to its end. */
  findings: NowScreen['findings'] = [];
  version = 0;
  readonly #verifiers: readonly Verifier[];
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  #begunAtMs = Number.NEGATIVE_INFINITY;
  #isRunning = false;

  constructor(verifiers: readonly Verifier[], clock: Clock) {
    this.#verifiers = verifiers;
    this.#clock = clock;
  }

  /** Somebody looks. Nobody waits for it: the next look has the answer. */
  look(): void {
    const nowMs = this.#clock.monotonicMs();
    const isSoon = nowMs - this.#begunAtMs < everyMs;
    if (this.#verifiers.length === 0 || this.#isRunning || isSoon || this.#closing.signal.aborted) return;
    this.#begunAtMs = nowMs;
    this.#isRunning = true;
    void this.#run().finally(() => {
      this.#isRunning = false;
      this.version += 1;
    });
  }

  close(): void {
    this.#closing.abort();
  }

  async #run(): Promise<void> {
    const { verifiers } = await runVerifiers(this.#verifiers, {
      signal: this.#closing.signal,
      clock: this.#clock,
    });
    const atMs = this.#clock.wallMs();
    this.findings = verifiers.flatMap(({ name, findings }) =>
      findings.slice(0, 50).map(({ subject, status, detail, remedy, measured }) => ({
        subject: cut(subject, 200),
        status,
        detail: cut(detail, 500),
        remedy: cutIfThere(remedy, 500),
        measured,
        verifier: name,
        atMs,
      })),
    );
  }
}
