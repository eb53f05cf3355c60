import type { CacheStateMessage } from '../channel-types';
import { CacheError } from '../errors';

/** Failures in a row after which nobody but the log's reader asks the remote layer. */
const maxFailures = 3;

/** Whether the remote layer answers: a breaker that counts timeouts too, and closes when the log was read again. */
export class RemoteHealth {
  state: 'starting' | 'up' | 'down' = 'starting';
  failures = 0;
  timeouts = 0;
  lastError: string | undefined;
  #inARow = 0;
  readonly #onChange: (state: CacheStateMessage['state'], reason: string) => void;

  constructor(onChange: (state: CacheStateMessage['state'], reason: string) => void) {
    this.#onChange = onChange;
  }

  get isDown(): boolean {
    return this.state === 'down';
  }

  failed(error: unknown): void {
    this.failures += 1;
    this.#inARow += 1;
    if (CacheError.isInstance(error) && error.code === 'UNITE_CACHE_REMOTE_TIMEOUT') this.timeouts += 1;
    this.lastError = error instanceof Error ? error.message : String(error);
    if (this.#inARow >= maxFailures) this.gone(this.lastError);
  }

  /** It answered, which ends the count, not the outage. */
  answered(): void {
    this.#inARow = 0;
  }

  gone(reason: string): void {
    if (this.state === 'down') return;
    this.state = 'down';
    this.#onChange('down', reason);
  }

  back(): void {
    this.#inARow = 0;
    if (this.state === 'up') return;
    const wasDown = this.state === 'down';
    this.state = 'up';
    if (wasDown) this.#onChange('up', 'the log was read again');
  }
}
