import type { EventEmitter } from 'node:events';
import type { Writable } from 'node:stream';
import { version } from '../../package.json';
import { errorLine } from '../describe-error';
import { Interruption, type StopSignal, stopSignals } from './interruption';
import { printableJson, printableText } from './printable';
import { readGlobals } from './read-globals';
import { runCli } from './run-cli';

/** What is used of `process`. */
export interface HostProcess extends EventEmitter {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Writable & { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined };
  readonly stderr: Writable & { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined };
  exitCode?: number | string | null | undefined;
  cwd(): string;
  exit(code: number): unknown;
}

/**
 * Ctrl-C can come twice, from the terminal and handed on by npm, and what supervises it may add a SIGTERM. So close
 * together they are one, whichever they are, in milliseconds.
 */
const echoMs = 1_000;

/** All are told on the standard error; the answer names so many, since a driver may repeat itself for ever. */
const mostUncaught = 20;

/** The command line as a process: signals, streams, and an end whatever is still open. */
export async function runProcess(host: HostProcess): Promise<void> {
  const uncaught: unknown[] = [];
  let isOutputBroken = false;
  let isAnswered = false;
  let isDone = false;
  const tell = (error: unknown) => host.stderr.write(`unite: ${printableText(errorLine(error))}\n`);
  // What nobody waits for, such as an error event without listener in a verifier's driver. The rest is still reported.
  host.on('uncaughtException', (error: unknown) => {
    if (uncaught.length < mostUncaught) uncaught.push(error);
    tell(error);
  });
  forgiveClosedPipes(host, (error) => {
    isOutputBroken = true;
    tell(error);
  });
  const writeAnswer = claimOutput(host);
  const writeError = host.stderr.write.bind(host.stderr);
  // A configuration or a verifier may end the process; what was not proven must not look so.
  host.on('exit', (code: number) => {
    if (isDone) return;
    const message = 'the process was ended before the command was done';
    if (!isAnswered && readGlobals(host.argv.slice(2)).json) {
      writeAnswer(`${printableJson({ error: { message } })}\n`);
    }
    if (code !== 0) return;
    writeError(`unite: ${message}\n`);
    host.exitCode = 1;
  });
  const exitCode = await runCli({
    argv: host.argv.slice(2),
    cwd: host.cwd(),
    env: host.env,
    stdout: {
      isTTY: host.stdout.isTTY,
      columns: host.stdout.columns,
      write: (text) => {
        isAnswered = true;
        return writeAnswer(text);
      },
    },
    stderr: host.stderr,
    signal: interruptedBy(host),
    uncaught,
    version,
  });
  // As the answer says: what comes after it is only told.
  const hasFailed = uncaught.length > 0;
  await Promise.all([flushed(writeAnswer), flushed(writeError)]);
  isDone = true;
  // Connections and timers of a configuration would hold it open for ever.
  host.exit(exitCode === 0 && (hasFailed || isOutputBroken) ? 1 : exitCode);
}

/** Whatever else is printed, by `console.log` in a configuration, must not get between the answer. */
function claimOutput({ stdout, stderr }: HostProcess): Writable['write'] {
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  return write;
}

/** `unite verify | head -1`: who has read enough is no error. A full disk is one. */
function forgiveClosedPipes({ stdout, stderr }: HostProcess, fail: (error: unknown) => void): void {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') fail(error);
  });
  // With the terminal gone there is nobody to tell.
  stderr.on('error', () => {});
}

/** The first signal asks, the second ends. A command that waits for nothing would be taken for one that is done. */
function interruptedBy(host: HostProcess): AbortSignal {
  const controller = new AbortController();
  let askedAtMs = 0;
  const stop = (signal: StopSignal) => {
    const interruption = new Interruption(signal);
    if (controller.signal.aborted) {
      if (performance.now() - askedAtMs >= echoMs) host.exit(interruption.exitCode);
      return;
    }
    askedAtMs = performance.now();
    controller.abort(interruption);
  };
  for (const signal of stopSignals) host.on(signal, () => stop(signal));
  host.on('beforeExit', () =>
    controller.abort(new Error('it has not ended, and there is nothing that it waits for')),
  );
  return controller.signal;
}

/** Pipes are written in the background on some systems. */
function flushed(write: Writable['write']): Promise<void> {
  return new Promise((resolve) => {
    write('', () => resolve());
  });
}
