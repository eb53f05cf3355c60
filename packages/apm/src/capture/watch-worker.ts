import { errorMonitor } from 'node:events';
import type { Apm } from '../types';
import { exitError } from './exit-error';

/** The part of a `Worker` of `node:worker_threads` that is used. */
export interface WorkerLike {
  readonly threadId: number;
  on(event: string | symbol, listener: (...values: unknown[]) => void): unknown;
  off(event: string | symbol, listener: (...values: unknown[]) => void): unknown;
}

/**
 * Captures what a worker thread dies of: the error that nobody caught in it, or its exit code where that is not 0. Whether
 * this process hears of its `error`, and dies where nobody does, stays as it is.
 *
 * @returns ends the watch: call it before `terminate()`, which makes an exit code of 1
 * @example
 * const worker = new Worker(new URL('./import-contacts.js', import.meta.url));
 * watchWorker(apm, worker);
 */
export function watchWorker(apm: Pick<Apm, 'captureError'>, worker: WorkerLike): () => void {
  // A thread that has ended has none.
  const { threadId } = worker;
  let isTold = false;
  worker.on(errorMonitor, onError);
  worker.on('exit', onExit);
  return end;

  function onError(error: unknown): void {
    isTold = true;
    apm.captureError(error, { kind: 'worker', extra: { threadId } });
  }

  function onExit(code: unknown): void {
    end();
    if (isTold || code === 0) return;
    const error = exitError('WorkerExit', `A worker thread exited with code ${code}`);
    apm.captureError(error, { kind: 'worker', tags: { exit_code: `${code}` }, extra: { threadId } });
  }

  function end(): void {
    worker.off(errorMonitor, onError);
    worker.off('exit', onExit);
  }
}
