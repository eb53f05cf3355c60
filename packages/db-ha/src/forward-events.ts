import type { PgPool } from './driver-types';
import type { ClusterNode } from './node/cluster-node';

/** Events of the driver's pool that applications and instrumentations listen to. */
const events = ['connect', 'acquire', 'release', 'remove'] as const;

type Listener = (one: unknown, other: unknown) => void;

interface Emitter {
  emit?: (event: string, ...values: unknown[]) => unknown;
}

/**
 * Lets the cluster tell of the connections of every node. Not of `error`: a broken idle connection is
 * replaced, and an `error` that nobody listens to would end the process.
 */
export function forwardEvents(node: ClusterNode, target: () => Emitter): void {
  for (const connections of [node.writes, node.reads, node.readsOnPrimary]) {
    connections.onPool((pool) => {
      for (const event of events) {
        listen(pool, event, (one, other) => {
          target().emit?.(event, one, other);
        });
      }
    });
  }
}

function listen(pool: PgPool, event: string, listener: Listener): void {
  const { on } = pool as unknown as { on: (event: string, listener: Listener) => void };
  on.call(pool, event, listener);
}
