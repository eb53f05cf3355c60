import type { ContextSource } from '@unite/core';
import type { NodeOptions } from '../types';
import { Session } from './session';

/** Finds the session that a call belongs to. */
export class Sessions {
  readonly #context: ContextSource;
  readonly #key: symbol;
  /** For scripts and jobs without a context: the process sees what it wrote. */
  readonly #ofProcess = new Session();

  /**
   * By the cluster's name and addresses, so that the copies of one cluster in a process share a request's session,
   * and two clusters that nobody gave a name do not.
   */
  constructor(context: ContextSource, name: string, nodes: readonly NodeOptions[]) {
    this.#context = context;
    const addresses = nodes.map(({ url }) => new URL(url)).map(({ host, pathname }) => host + pathname);
    this.#key = Symbol.for(`unite.db-ha.session.1:${[name, ...addresses.sort()].join(' ')}`);
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
