import type { ContextSource } from '@unite/core';
import { Session } from './session';

/** Finds the session that a call belongs to. */
export class Sessions {
  readonly #context: ContextSource;
  readonly #key: symbol;
  /** For scripts and jobs without a context: the process sees what it wrote. */
  readonly #ofProcess = new Session();

  /** @param name of the cluster, so that the copies of one cluster in a process share a request's session */
  constructor(context: ContextSource, name: string) {
    this.#context = context;
    this.#key = Symbol.for(`unite.db-ha.session.1:${name}`);
  }

  current(): Session {
    const state = this.#context()?.state;
    if (!state) return this.#ofProcess;
    let session = state.get(this.#key) as Session | undefined;
    if (!session) {
      session = new Session();
      state.set(this.#key, session);
    }
    return session;
  }
}
