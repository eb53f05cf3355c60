import { errorMonitor } from 'node:events';
import type { Apm } from '../types';
import { exitError } from './exit-error';

/** The part of a `ChildProcess`, or of a worker of `node:cluster`, that is used. */
export interface ChildProcessLike {
  readonly pid?: number | undefined;
  /** Of a worker of a cluster. */
  readonly process?: { readonly pid?: number | undefined } | undefined;
  on(event: string | symbol, listener: (...values: unknown[]) => void): unknown;
  off(event: string | symbol, listener: (...values: unknown[]) => void): unknown;
}

/**
 * Captures how a child ends that was forked, spawned, or is a worker of a cluster: an exit code that is not 0, a signal,
 * or that it could not be started. Whether this process hears of its `error` stays as it is.
 *
 * @returns ends the watch: call it before you end the child yourself by a signal
 * @example
 * watchChildProcess(apm, fork('./render-reports.js'));
 */
export function watchChildProcess(apm: Pick<Apm, 'captureError'>, child: ChildProcessLike): () => void {
  const processId = child.pid ?? child.process?.pid;
  child.on(errorMonitor, onError);
  child.on('exit', onExit);
  return end;

  /** Of the start, of a message, or of a signal that could not be sent: only after the first there is no exit. */
  function onError(error: unknown): void {
    if (processId === undefined) end();
    apm.captureError(error, { kind: 'child-process', extra: { processId } });
  }

  function onExit(code: unknown, signal: unknown): void {
    end();
    if (code === 0) return;
    const how = signal ? `by ${signal}` : `with code ${code}`;
    const error = exitError('ChildProcessExit', `A child process ended ${how}`);
    const tags = signal ? { exit_signal: `${signal}` } : { exit_code: `${code}` };
    apm.captureError(error, { kind: 'child-process', tags, extra: { processId } });
  }

  function end(): void {
    child.off(errorMonitor, onError);
    child.off('exit', onExit);
  }
}
