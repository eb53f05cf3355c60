import type { ClusterNode } from '../node/cluster-node';
import type { ServerReport } from '../node/server-report';

/**
 * Where the primary's log ends now, asked once for all who want to know at a time. Whoever comes while a
 * question is under way waits for the next one: the answer to the first may be older than what he wrote.
 */
export class WritePosition {
  readonly #ask: (primary: ClusterNode) => Promise<ServerReport>;
  readonly #next = new WeakMap<ClusterNode, Promise<ServerReport>>();
  readonly #running = new WeakMap<ClusterNode, Promise<ServerReport>>();

  constructor(ask: (primary: ClusterNode) => Promise<ServerReport>) {
    this.#ask = ask;
  }

  of(primary: ClusterNode): Promise<ServerReport> {
    let next = this.#next.get(primary);
    if (!next) {
      next = this.#askNext(primary);
      this.#next.set(primary, next);
    }
    return next;
  }

  async #askNext(primary: ClusterNode): Promise<ServerReport> {
    await this.#running.get(primary)?.catch(() => undefined);
    const asked = this.#ask(primary);
    this.#running.set(primary, asked);
    this.#next.delete(primary);
    return asked;
  }
}
