import type { ClusterNode } from '../node/cluster-node';

/** Differences of time below this say nothing about a server. */
const noiseMs = 1;
/** Costs that differ by less are alike, and chance decides: else one of two would idle while nobody waits. */
const alike = 1.5;

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
  const open = replicas.filter((node) => node.takesReads(nowMs));
  const at = Math.floor(random() * open.length);
  const one = open[at];
  const other = open[(at + 1 + Math.floor(random() * (open.length - 1))) % open.length];
  if (!one || !other) return one;
  return cost(one, nowMs) <= cost(other, nowMs) * alike ? one : other;
}

function cost(node: ClusterNode, nowMs: number): number {
  return (node.inFlight + 1) * Math.max(node.latency.expectedMs(nowMs), noiseMs);
}
