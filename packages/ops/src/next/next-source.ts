import type { NodeServer } from '../http/http-types';
import { ServerSource } from '../http/server-source';
import type { CutOff, WorkSource } from '../types';

/** What Next.js has ready for a signal. */
export type SignalListener = (signal: NodeJS.Signals) => unknown;

/** The servers of one Next.js, which become known with their first request, and what Next.js itself does at the end. */
export class NextSource implements WorkSource {
  readonly #listeners: readonly SignalListener[];
  readonly #servers = new Map<NodeServer, ServerSource>();
  #isDraining = false;
  #hasEnded = false;
  #draining: AbortSignal | undefined;

  constructor(listeners: readonly SignalListener[]) {
    this.#listeners = listeners;
  }

  /** A server that has got a request. */
  meet(server: NodeServer): void {
    if (this.#hasEnded || this.#servers.has(server)) return;
    const source = new ServerSource(server);
    this.#servers.set(server, source);
    if (this.#isDraining) source.beginDrain();
    if (this.#draining) void source.drain(this.#draining);
  }

  beginDrain(): void {
    this.#isDraining = true;
    for (const source of this.#servers.values()) source.beginDrain();
  }

  async drain(signal: AbortSignal): Promise<void> {
    this.#draining = signal;
    const sources = [...this.#servers.values()];
    if (this.#listeners.length === 0) {
      await Promise.all(sources.map((source) => source.drain(signal)));
      return;
    }
    const ended = this.#letNextEnd(signal);
    for (const source of sources) source.closeUnused();
    await ended;
  }

  endStreams(): number {
    let streams = 0;
    for (const source of this.#servers.values()) streams += source.endStreams();
    return streams;
  }

  cutOff(): CutOff {
    this.#hasEnded = true;
    const all = Array.from(this.#servers.values(), (source) => source.cutOff());
    return {
      requests: all.reduce((sum, { requests }) => sum + requests, 0),
      streams: all.reduce((sum, { streams }) => sum + streams, 0),
    };
  }

  /**
   * Next.js closes its server, waits for what routes have left to `after()`, and exits. That wait is wanted, and what
   * `after()` runs may need the database; so its exit is taken for the news that it is done, and comes later.
   */
  #letNextEnd(signal: AbortSignal): Promise<void> {
    const exit = process.exit;
    const ended = new Promise<void>((resolve) => {
      process.exit = (() => resolve()) as unknown as typeof process.exit;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    for (const listener of this.#listeners) listener('SIGTERM');
    return ended.finally(() => {
      process.exit = exit;
    });
  }
}
