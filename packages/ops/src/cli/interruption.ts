/** What a shell reports for a process that a signal ended: 128 and the signal's number. */
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Signals that ask a process to end. */
export type StopSignal = keyof typeof exitCodes;

/** All of them. */
export const stopSignals = Object.keys(exitCodes) as readonly StopSignal[];

/** Why a command was told to end. */
export class Interruption extends Error {
  readonly code: StopSignal;

  constructor(signal: StopSignal) {
    super(`interrupted by ${signal}`);
    this.code = signal;
  }

  /** As everything else that ends by an AbortSignal. */
  override get name(): string {
    return 'AbortError';
  }

  get exitCode(): number {
    return exitCodes[this.code];
  }
}
