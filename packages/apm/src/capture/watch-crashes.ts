import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import type { CloseOptions } from '@unite/core';
import { warnOnce } from '@unite/shared';
import type { Sink } from '../sink-types';
import type { CrashOptions, ErrorKind } from './capture-types';
import type { ErrorCapture } from './create-error-capture';
import { listenAlong } from './listen-along';

/** What is used of a process. */
export type CrashRuntime = Pick<
  NodeJS.Process,
  | 'on'
  | 'off'
  | 'once'
  | 'prependListener'
  | 'listeners'
  | 'listenerCount'
  | 'hasUncaughtExceptionCaptureCallback'
  | 'exit'
  | 'exitCode'
  | 'version'
>;

/** What `watchCrashes` is made with. */
export interface WatchCrashesOptions {
  readonly capture: ErrorCapture['capture'];
  readonly crash: Pick<CrashOptions, 'flushMs'>;
  readonly sinks: readonly Sink[];
  /** Sends what waits. */
  readonly flush: (options: CloseOptions) => Promise<unknown>;
  /**
   * Called at once when the process is about to end of an error, and again when it exits without having been closed, each
   * time after the sinks have kept what waits: `uncaught-exception`, `unhandled-rejection`, `exit 3`.
   */
  readonly onEnd?: ((reason: string) => void) | undefined;
  /** Whether the process is ending on purpose; also taken for so once it has heard SIGTERM or SIGINT. @default never */
  readonly isEnding?: (() => boolean) | undefined;
  /** Whether this runs in no worker thread: the parent of one is to hear of its error at once. @default as it is */
  readonly isMainThread?: boolean | undefined;
  /** @default the process */
  readonly runtime?: CrashRuntime | undefined;
  /** Prints what the process dies of. @default to the standard error */
  readonly print?: ((text: string) => void) | undefined;
}

const defaultFlushMs = 2_000;

/**
 * Captures what nobody caught. Whether the process dies of it stays as it is: Node.js decides before this hears of it. A
 * process that dies may live on for `flushMs` to send what waits. Then it exits with 1. A worker thread does not live on,
 * nor does a process that is exiting already: there only what can be kept at once is kept.
 *
 * A listener of the application for `uncaughtException` or `unhandledRejection` keeps its say: its process is left to it.
 *
 * @returns ends it
 * @see https://nodejs.org/api/process.html#event-uncaughtexceptionmonitor
 */
export function watchCrashes(options: WatchCrashesOptions): { close(): void } {
  const { capture, crash, sinks, flush, runtime = process, print = printToStandardError } = options;
  const flushMs = crash.flushMs ?? defaultFlushMs;
  let isSignalled = false;
  let isDying = false;
  let isExiting = false;
  /** What it dies of comes first; the exit follows. */
  let endReason: string | undefined;
  const mayOutlive = flushMs > 0 && (options.isMainThread ?? isMainThread);

  runtime.on('uncaughtExceptionMonitor', captureUncaught);
  runtime.prependListener('exit', noteExit);
  runtime.on('exit', captureExit);
  const ends = [
    listenAlong(runtime, 'unhandledRejection', captureRejection),
    listenAlong(runtime, 'SIGTERM', noteSignal),
    listenAlong(runtime, 'SIGINT', noteSignal),
  ];
  return {
    close() {
      runtime.off('uncaughtExceptionMonitor', captureUncaught);
      runtime.off('exit', noteExit);
      runtime.off('exit', captureExit);
      for (const end of ends) end();
    },
  };

  /** Comes before anything else hears of it. */
  function captureUncaught(error: unknown, origin: string): void {
    const reason = origin === 'unhandledRejection' ? 'unhandled-rejection' : 'uncaught-exception';
    const isFatal = isDying || !isHeardByOthers();
    capture(error, { kind: kindOf(reason), level: isFatal ? 'fatal' : 'error', isHandled: false });
    if (!isFatal && !isExiting) return;
    keepWhatWaits(reason);
    // Only for this error, and only now, so that nobody is led to think that the application listens.
    if (mayOutlive && isFatal && !isDying && !isExiting) runtime.once('uncaughtException', outlive);
  }

  /** In the place of the end by Node.js. Later errors find the process dying, and change nothing. */
  function outlive(error: unknown): void {
    isDying = true;
    runtime.on('uncaughtException', ignore);
    // Should nothing hold the process any more, it ends before it has sent, and not as if all were well.
    runtime.exitCode = 1;
    print(`${describeFatal(error)}\n\nNode.js ${runtime.version}\n`);
    const exit = () => runtime.exit(1);
    setTimeout(exit, flushMs);
    // Not within the promise, where what a listener for the exit throws would be a rejection.
    const exitNext = () => void setImmediate(exit);
    void flush({ timeoutMs: flushMs }).then(exitNext, exitNext);
  }

  /** Where the application hears of it, Node.js does not end the process. */
  function captureRejection(reason: unknown): void {
    capture(reason, { kind: kindOf('unhandled-rejection'), isHandled: false });
  }

  /** There is no time left in which to live on: from here on Node.js decides what an error does. */
  function noteExit(): void {
    isExiting = true;
    runtime.off('uncaughtException', ignore);
  }

  function captureExit(code: number): void {
    keepWhatWaits(`exit ${code}`);
  }

  function keepWhatWaits(reason: string): void {
    for (const sink of sinks) keepOf(sink);
    endReason ??= reason;
    options.onEnd?.(endReason);
  }

  function isHeardByOthers(): boolean {
    return runtime.listenerCount('uncaughtException') > 0 || runtime.hasUncaughtExceptionCaptureCallback();
  }

  function kindOf(kind: ErrorKind): ErrorKind {
    return isSignalled || options.isEnding?.() ? 'shutdown' : kind;
  }

  function noteSignal(): void {
    isSignalled = true;
  }
}

function keepOf(sink: Sink): void {
  try {
    sink.crash?.();
  } catch {
    warnOnce('UNITE_APM_SINK_FAILED', `The sink ${sink.name} threw when it was to keep what waits`);
  }
}

function ignore(): void {}

/** As Node.js writes it. */
function describeFatal(error: unknown): string {
  try {
    return error instanceof Error ? inspect(error) : `Uncaught:\n${inspect(error)}`;
  } catch {
    return 'Uncaught: a value that cannot be read';
  }
}

/** At once: a stream that is a pipe would write after the end. */
function printToStandardError(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // It is closed, or full: nobody reads it.
  }
}
