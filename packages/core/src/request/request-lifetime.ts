import { wakeAfter } from '@unite/shared';
import type { Clock } from '../types';
import { ContextError } from './context-error';

/**
 * How long a request may live, and the signal that tells its work to stop: at the deadline, or when the client goes away.
 *
 * Joined by hand: `AbortSignal.any` with `AbortSignal.timeout` keeps a timer running for every request that was answered
 * in time. The signal is made when it is first asked for, since most requests never do, and it costs more than the rest of
 * the context.
 */
export class RequestLifetime {
  readonly deadlineAtMs: number | undefined;
  /** Called at the deadline, before the listeners of the signal are. */
  onDeadline: ((reason: ContextError) => void) | undefined;
  readonly #client: AbortSignal | undefined;
  readonly #callOffDeadline: (() => void) | undefined;
  #request: AbortController | undefined;
  #hasClientGone = false;

  /**
   * @param timeoutMs time for the request; `undefined` means no deadline
   * @param client aborts when the client goes away
   */
  constructor(timeoutMs: number | undefined, client: AbortSignal | undefined, clock: Clock) {
    this.#client = client;
    if (timeoutMs === undefined) return;
    this.deadlineAtMs = clock.wallMs() + timeoutMs;
    this.#callOffDeadline = wakeAfter(clock, timeoutMs, () => this.#expire(timeoutMs));
  }

  get signal(): AbortSignal {
    this.#request ??= this.#open();
    return this.#request.signal;
  }

  /** For who has no signal of the client. */
  clientGone(): void {
    this.#hasClientGone = true;
    this.#request?.abort(clientWentAway());
  }

  /** Stops the deadline's timer; the client's going away is still passed on while a body streams. */
  end(): void {
    this.#callOffDeadline?.();
  }

  #open(): AbortController {
    const request = new AbortController();
    const client = this.#client;
    request.signal.addEventListener('abort', () => this.#tell(request.signal.reason), { once: true });
    if (this.#hasClientGone) request.abort(clientWentAway());
    if (client?.aborted) request.abort(client.reason);
    client?.addEventListener('abort', () => request.abort(client.reason), { once: true });
    return request;
  }

  #expire(timeoutMs: number): void {
    this.#request ??= this.#open();
    this.#request.abort(deadlineExceeded(timeoutMs));
  }

  #tell(reason: unknown): void {
    if (ContextError.isInstance(reason)) this.onDeadline?.(reason);
  }
}

function deadlineExceeded(timeoutMs: number): ContextError {
  return new ContextError('UNITE_CONTEXT_DEADLINE_EXCEEDED', `The request took longer than ${timeoutMs} ms`);
}

function clientWentAway(): DOMException {
  return new DOMException('The client went away', 'AbortError');
}
