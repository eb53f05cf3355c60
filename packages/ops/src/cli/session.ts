import type { UniteConfig } from '../config/config-types';
import { errorLine } from '../describe-error';
import type { OpsError } from '../errors';
import { printableLine } from './printable';
import type { Terminal } from './terminal';

/** What there is of a configuration. */
export interface Configuration {
  /** Empty where there is none. */
  readonly config: UniteConfig;
  /** Why there is none. */
  readonly error?: OpsError | undefined;
  /** It was named on the command line, so it has to be there. */
  readonly isNamed: boolean;
}

/** How long a command may take to end once it was interrupted. */
export interface Patience {
  graceMs: number;
}

/** One run of the command line. */
export interface Session {
  readonly terminal: Terminal;
  /** Aborts at the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  readonly configuration: Configuration;
  /** What nobody has caught so far; it grows. */
  readonly uncaught: readonly unknown[];
  /** A command that has to mend something first may ask for more time. */
  readonly patience: Patience;
  /** What the command came to. */
  exitCode: number;
}

/** Says in one line why the configuration's commands and settings are missing; nothing where there is no file. */
export function complainOfConfiguration({ error, isNamed }: Configuration, terminal: Terminal): void {
  if (error && (isNamed || error.code !== 'UNITE_OPS_CONFIG_NOT_FOUND')) {
    terminal.complain(printableLine(errorLine(error)));
  }
}
