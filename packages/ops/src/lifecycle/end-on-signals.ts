import { checkOptions, expects, optionChecks, systemClock, warnOnce } from '@unite/shared';
import type { Lifecycle, ShutdownReport } from '../types';

/** Two of them within this time are one: a terminal sends Ctrl-C to the whole group, and npm hands it on as well. */
const echoMs = 1_000;

/** For `onClosed`, in milliseconds. */
const tellMs = 1_000;

/** Left to the process to end by itself, so that what it has written gets out, in milliseconds. */
const lastWordsMs = 100;

/** Options of `endOnSignals`. */
export interface SignalOptions {
  /** @default ['SIGTERM', 'SIGINT'] */
  readonly signals?: readonly NodeJS.Signals[] | undefined;
  /** Hears how it went, before the process exits. A promise is waited for, a second at most. */
  readonly onClosed?: ((report: ShutdownReport) => unknown) | undefined;
}

const signalChecks = {
  signals: expects(
    'an array of signals such as "SIGTERM"',
    (value) => Array.isArray(value) && value.every((item) => /^SIG[A-Z0-9]+$/.test(item)),
  ),
  onClosed: optionChecks.function,
};

/**
 * Closes the lifecycle at the first signal, and exits then: 0 when nothing was lost, else 1. Further signals change
 * nothing, but a second Ctrl-C, a second after the first, exits at once with 130.
 *
 * @returns takes the listeners away again
 * @throws TypeError for an option that is unknown or malformed
 */
export function endOnSignals(lifecycle: Lifecycle, options: SignalOptions = {}): () => void {
  checkOptions('endOnSignals', options, signalChecks);
  const { signals = ['SIGTERM', 'SIGINT'], onClosed } = options;
  let firstAtMs: number | undefined;

  for (const signal of signals) process.on(signal, end);
  return () => {
    for (const signal of signals) process.off(signal, end);
  };

  function end(signal: NodeJS.Signals): void {
    if (firstAtMs !== undefined) {
      if (signal === 'SIGINT' && performance.now() - firstAtMs > echoMs) process.exit(130);
      return;
    }
    firstAtMs = performance.now();
    void lifecycle.close({ reason: signal }).then(async (report) => {
      await tell(report);
      exitSoon(report.clean ? 0 : 1);
    });
  }

  async function tell(report: ShutdownReport): Promise<void> {
    const heard = new AbortController();
    try {
      const late = systemClock.sleep(tellMs, heard.signal).catch(() => undefined);
      await Promise.race([onClosed?.(report), late]);
    } catch (error) {
      warnOnce('UNITE_OPS_ON_CLOSED_FAILED', `endOnSignals: onClosed threw ${error}`);
    }
    heard.abort();
  }
}

function exitSoon(code: number): void {
  process.exitCode = code;
  setTimeout(() => process.exit(), lastWordsMs).unref();
}
