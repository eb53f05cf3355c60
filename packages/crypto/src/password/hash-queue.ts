import { CryptoError } from '../errors';
import type { PasswordsStatus } from './password-types';

/** So many at once, so many more that wait in their order, and no others. */
export class HashQueue {
  readonly #maxRunning: number;
  readonly #maxWaiting: number;
  readonly #waiting = new Set<() => void>();
  #running = 0;
  #refused = 0;

  constructor(maxRunning: number, maxWaiting: number) {
    this.#maxRunning = maxRunning;
    this.#maxWaiting = maxWaiting;
  }

  status(): PasswordsStatus {
    return { running: this.#running, queued: this.#waiting.size, refused: this.#refused };
  }

  /** @throws CryptoError `UNITE_CRYPTO_PASSWORD_BUSY`, and the signal's reason */
  async run<Result>(work: () => Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
    signal?.throwIfAborted();
    if (this.#running < this.#maxRunning) this.#running += 1;
    else await this.#turn(signal);
    // The work keeps its place to its end, whoever still waits for it.
    const done = work().finally(() => this.#leave());
    return signal ? await untilAborted(done, signal) : await done;
  }

  /** Resolves with the place of one that is done. */
  #turn(signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting.size >= this.#maxWaiting) {
      this.#refused += 1;
      throw new CryptoError('UNITE_CRYPTO_PASSWORD_BUSY', 'Too many passwords are waiting to be hashed');
    }
    return new Promise((resolve, reject) => {
      const begin = () => {
        signal?.removeEventListener('abort', give);
        resolve();
      };
      const give = () => {
        this.#waiting.delete(begin);
        reject(signal?.reason);
      };
      this.#waiting.add(begin);
      signal?.addEventListener('abort', give, { once: true });
    });
  }

  #leave(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#running -= 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}

function untilAborted<Result>(done: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const give = () => reject(signal.reason);
    if (signal.aborted) give();
    signal.addEventListener('abort', give, { once: true });
    done.then(resolve, reject).finally(() => signal.removeEventListener('abort', give));
  });
}
