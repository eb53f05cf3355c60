import type { Clock } from '../types';
import { ContextError } from './context-error';

/** How long a request may live, and the signal that tells its work to stop. */
export interface RequestLifetime {
  readonly deadlineAtMs: number | undefined;
  readonly signal: AbortSignal;
  /** Stops the deadline's timer; the client's going away is still passed on while a body streams. */
  end(): void;
}

/**
 * Starts the deadline and joins it with the client's signal.
 *
 * Joined by hand: `AbortSignal.any` with `AbortSignal.timeout` keeps a timer running for every request
 * that was answered in time.
 *
 * @param timeoutMs time for the request; `undefined` means no deadline
 * @param clientSignal aborts when the client goes away
 */
export function startLifetime(
  timeoutMs: number | undefined,
  clientSignal: AbortSignal | undefined,
  clock: Clock,
): RequestLifetime {
  const request = new AbortController();
  const timer = new AbortController();
  if (clientSignal?.aborted) request.abort(clientSignal.reason);
  clientSignal?.addEventListener('abort', () => request.abort(clientSignal.reason), { once: true });
  if (timeoutMs !== undefined) {
    const expire = () => request.abort(deadlineExceeded(timeoutMs));
    clock.sleep(timeoutMs, timer.signal).then(expire, () => undefined);
  }
  return {
    deadlineAtMs: timeoutMs === undefined ? undefined : clock.wallMs() + timeoutMs,
    signal: request.signal,
    end: () => timer.abort(),
  };
}

function deadlineExceeded(timeoutMs: number): ContextError {
  return new ContextError('UNITE_CONTEXT_DEADLINE_EXCEEDED', `The request took longer than ${timeoutMs} ms`);
}
