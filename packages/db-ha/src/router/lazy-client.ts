import { EventEmitter } from 'node:events';
import type { DriverClient } from './driver-types';
import { escapeIdentifier, escapeLiteral } from './escape';
import { answer, type Callback, readQueryCall } from './query-call';
import { objectOf } from './tree';

/** What `pg`'s client emits. */
const clientEvents = ['drain', 'end', 'error', 'notice', 'notification'] as const;

/** What a lazy client is made of. */
export interface LazyClientParts {
  /** Checks a client of the primary out. */
  readonly connect: () => Promise<DriverClient>;
  readonly isRead: (text: string | undefined) => text is string;
  /** Runs a read on a replica; calls `onPrimary` where that refuses it. */
  readonly read: (text: string, args: readonly unknown[], onPrimary: () => unknown) => Promise<unknown>;
}

/**
 * A client that takes no connection before it must. While it only reads, each statement goes to the pool of
 * readers by itself: a read outside of a transaction leaves nothing behind on its connection, and a pool can
 * try it again on another node, which a client could not. The first other statement takes a connection of the
 * primary, and everything after it stays there: it may have begun a transaction or set something.
 */
export class LazyClient extends EventEmitter {
  readonly #parts: LazyClientParts;
  readonly #forwarders = clientEvents.map(
    (event) => [event, (...args: unknown[]) => this.#forward(event, args)] as const,
  );
  #primary: DriverClient | undefined;
  #released = false;
  /** Statements run one after the other, as on one connection. Never rejects. */
  #tail: Promise<unknown> = Promise.resolve();
  #queued = 0;

  constructor(parts: LazyClientParts) {
    super();
    this.#parts = parts;
  }

  query(...args: unknown[]): unknown {
    const { text, args: statement, callback } = readQueryCall(args);
    if (this.#released) {
      const error = new Error('Client was released; take another one from the pool.');
      return answerSubmitted(args[0], callback, Promise.reject(error));
    }
    // The connection keeps the order by itself.
    if (this.#primary && this.#queued === 0) return this.#primary.query(...args);
    if (text !== undefined)
      return answer(
        this.#enqueue(() => this.#run(text, statement)),
        callback,
      );
    const submitted = this.#enqueue(async () => {
      const client = await this.#takePrimary();
      // Wrapped, so as not to be waited for: a cursor ends when its reader wants it to.
      return { result: client.query(...args) };
    });
    return answerSubmitted(args[0], callback, submitted);
  }

  /** Gives the connection back, if one was taken; with an error or `true` it is closed instead. */
  release(error?: Error | boolean): void {
    if (this.#released) {
      throw new Error('Release called on client which has already been released to the pool.');
    }
    this.#released = true;
    if (this.#queued === 0) this.#giveBack(error);
    else void this.#tail.then(() => this.#giveBack(error));
  }

  /** `I` where no transaction was begun. */
  getTransactionStatus(): 'I' | 'T' | 'E' | null {
    return this.#primary?.getTransactionStatus?.() ?? 'I';
  }

  escapeIdentifier(text: string): string {
    return escapeIdentifier(text);
  }

  escapeLiteral(text: string): string {
    return escapeLiteral(text);
  }

  async #run(text: string, statement: readonly unknown[]): Promise<unknown> {
    const onPrimary = async () => (await this.#takePrimary()).query(...statement);
    return !this.#primary && this.#parts.isRead(text)
      ? this.#parts.read(text, statement, onPrimary)
      : onPrimary();
  }

  async #takePrimary(): Promise<DriverClient> {
    if (this.#primary) return this.#primary;
    const client = await this.#parts.connect();
    for (const [event, forwarder] of this.#forwarders) client.on(event, forwarder);
    this.#primary = client;
    return client;
  }

  #giveBack(error: Error | boolean | undefined): void {
    const client = this.#primary;
    if (!client) return;
    client.release(error);
    // The pool listens for errors again from its own `release` on; never may nobody listen.
    for (const [event, forwarder] of this.#forwarders) client.removeListener(event, forwarder);
  }

  #enqueue<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#queued += 1;
    const result = this.#tail.then(work).finally(() => {
      this.#queued -= 1;
    });
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** A connection that breaks says so to its next statement; without a listener that is enough. */
  #forward(event: string, args: readonly unknown[]): void {
    if (event !== 'error' || this.listenerCount('error') > 0) this.emit(event, ...args);
  }
}

/**
 * Answers for what is no plain statement, as `pg` does: a cursor is given back at once, and fails through
 * itself; a configuration with a callback fails through that.
 */
function answerSubmitted(
  statement: unknown,
  callback: Callback | undefined,
  submitted: Promise<{ readonly result: unknown }>,
): unknown {
  const { submit, handleError, callback: ownCallback } = objectOf(statement);
  const report = callback ?? ownCallback ?? handleError;
  if (typeof report !== 'function') return submitted.then(({ result }) => result);
  submitted.catch((error: unknown) => process.nextTick(() => report.call(statement, error)));
  return typeof submit === 'function' ? statement : undefined;
}
