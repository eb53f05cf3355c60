import { systemClock } from '@unite/shared';
import { CommanderError } from 'commander';
import { loadConfig } from '../config/load-config';
import { describeError, errorLine } from '../describe-error';
import { OpsError } from '../errors';
import { buildProgram, type ProgramOutput } from './build-program';
import { Interruption } from './interruption';
import { printableText } from './printable';
import { type Globals, readGlobals } from './read-globals';
import { type Configuration, complainOfConfiguration, type Patience, type Session } from './session';
import { Terminal } from './terminal';
import { UsageError } from './usage-error';

/** What the command line is run with. */
export interface CliOptions extends ProgramOutput {
  /** Without the program's own name. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts with an `Interruption`, or with an error where the command will never end. */
  readonly signal: AbortSignal;
  /** What nobody has caught so far; it may grow. @default none */
  readonly uncaught?: readonly unknown[] | undefined;
  /** How long a command that was interrupted may take to report, in milliseconds. @default 10_000 */
  readonly graceMs?: number | undefined;
}

/**
 * Runs one command. Never rejects, and ends soon after the signal, whatever the command does.
 *
 * @returns the exit code: 0 fine, 1 the answer is no, 2 misuse or configuration, 130 and 143 interrupted
 */
export async function runCli(options: CliOptions): Promise<number> {
  const { signal, graceMs = 10_000 } = options;
  const globals = readGlobals(options.argv);
  const terminal = new Terminal({ ...options, json: globals.json });
  const ended = new AbortController();
  const patience: Patience = { graceMs };
  try {
    const exitCode = await Promise.race([
      runCommand(options, globals, terminal, patience),
      patienceEnds(signal, patience, ended.signal),
    ]);
    return interruptionOf(signal)?.exitCode ?? exitCode;
  } catch (error) {
    return report(interruptionOf(signal) ?? error, terminal);
  } finally {
    ended.abort();
  }
}

async function runCommand(
  options: CliOptions,
  globals: Globals,
  terminal: Terminal,
  patience: Patience,
): Promise<number> {
  const configuration = await configurationOf(options, globals);
  const { signal, uncaught = [] } = options;
  const session: Session = { terminal, signal, configuration, uncaught, patience, exitCode: 0 };
  const program = buildProgram(session, options);
  try {
    await program.parseAsync([...options.argv], { from: 'user' });
    return session.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return endOfParsing(error, session);
    throw error;
  }
}

/** A configuration that cannot be used is no error yet: not every command needs one. */
async function configurationOf(
  { cwd, signal }: CliOptions,
  { config: file, version }: Globals,
): Promise<Configuration> {
  const isNamed = file !== undefined;
  if (version) return { config: {}, isNamed };
  try {
    return { config: (await loadConfig({ cwd, file, signal })).config, isNamed };
  } catch (error) {
    if (OpsError.isInstance(error)) return { config: {}, error, isNamed };
    throw error;
  }
}

/** Help and the version were printed; all else is misuse. */
function endOfParsing(error: CommanderError, { configuration, terminal }: Session): number {
  if (error.code !== 'commander.version') complainOfConfiguration(configuration, terminal);
  if (error.exitCode === 0) return 0;
  if (error.code === 'commander.help') {
    // People were shown the help.
    terminal.printJson({ error: { message: 'which command? See unite --help' } });
    return 2;
  }
  const isMissing = configuration.error?.code === 'UNITE_OPS_CONFIG_NOT_FOUND' && !configuration.isNamed;
  const hint =
    error.code === 'commander.unknownCommand' && isMissing ? `\n(${configuration.error?.message})` : '';
  return report(new UsageError(`${error.message.replace(/^error: /, '')}${hint}`), terminal);
}

/** Says what went wrong, to people and with `--json` to programs. */
function report(error: unknown, terminal: Terminal): number {
  terminal.complain(printableText(errorLine(error)));
  terminal.printJson({ error: describeError(error) });
  if (error instanceof Interruption) return error.exitCode;
  return isMisuse(error) ? 2 : 1;
}

function isMisuse(error: unknown): boolean {
  if (error instanceof UsageError) return true;
  if (!OpsError.isInstance(error)) return false;
  return error.code.startsWith('UNITE_OPS_CONFIG_') || error.code === 'UNITE_OPS_DRILL_REFUSED';
}

function interruptionOf({ reason }: AbortSignal): Interruption | undefined {
  return reason instanceof Interruption ? reason : undefined;
}

/** Rejects when a command does not end although it was told to. Without a signal there is nothing to wait for. */
async function patienceEnds(signal: AbortSignal, patience: Patience, ended: AbortSignal): Promise<never> {
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true, signal: ended });
    if (signal.aborted) resolve(undefined);
  });
  await systemClock.sleep(interruptionOf(signal) ? patience.graceMs : 0, ended);
  throw signal.reason;
}
