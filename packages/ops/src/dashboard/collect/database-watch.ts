import type { DatabaseScreen } from '../screen-types';
import { cut, cutIfThere } from './cut';
import type { Pulse } from './pulse';
import type { Subscriptions } from './subscriptions';

const maxChanges = 50;

/** What `@unite/db-ha` tells. */
export class DatabaseWatch {
  /** The newest first. */
  readonly changes: DatabaseScreen['changes'][number][] = [];
  version = 0;
  readonly #pulse: Pulse;
  readonly #nowMs: () => number;

  constructor(pulse: Pulse, nowMs: () => number) {
    this.#pulse = pulse;
    this.#nowMs = nowMs;
  }

  listen(subscriptions: Subscriptions): void {
    subscriptions.toEndOf('unite:db-ha:query', ({ kind, role }) => {
      this.version += 1;
      if (kind === 'write') this.#pulse.count('writes');
      else this.#pulse.count(role === 'replica' ? 'replicaReads' : 'primaryReads');
    });
    subscriptions.to('unite:db-ha:change', ({ node, from, to, reason }) => {
      this.changes.unshift({
        atMs: this.#nowMs(),
        node: cut(node, 100),
        from: cut(from, 20),
        to: cut(to, 20),
        reason: cutIfThere(reason, 200),
      });
      this.changes.length = Math.min(this.changes.length, maxChanges);
      this.version += 1;
    });
  }
}
