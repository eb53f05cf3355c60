import type { ClusterNode } from '../node/cluster-node';

/**
 * Picks one of the replicas: of two at random the one with less to do, by queries in flight and expected
 * time. Always taking the best one would send everybody to it between two looks.
 *
 * @see M. Mitzenmacher, The Power of Two Choices in Randomized Load Balancing (2001)
 */
export function chooseReplica(
  replicas: readonly ClusterNode[],
  random: () => number,
  nowMs: number,
): ClusterNode | undefined {
  const open = replicas.filter((node) => node.breaker.allows(node.inFlight, nowMs));
  const [first] = open;
  if (open.length < 2) return first;
  const at = Math.floor(random() * open.length);
  const other = (at + 1 + Math.floor(random() * (open.length - 1))) % open.length;
  return [open[at], open[other]].sort((a, b) => cost(a, nowMs) - cost(b, nowMs))[0];
}

function cost(node: ClusterNode | undefined, nowMs: number): number {
  return node ? (node.inFlight + 1) * Math.max(node.latency.expectedMs(nowMs), 0.05) : 0;
}
