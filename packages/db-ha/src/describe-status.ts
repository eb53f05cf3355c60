import type { Counts } from './counts';
import { formatLsn } from './lsn';
import type { ClusterNode } from './node/cluster-node';
import type { Connections } from './node/connections';
import type { Settings } from './settings';
import type { ClusterStatus, NodeStatus, PoolStatus } from './status-types';
import type { Topology } from './topology/topology';

/** A snapshot of all that is known. */
export function describeStatus(
  topology: Topology,
  waitingWrites: number,
  counts: Counts,
  settings: Settings,
): ClusterStatus {
  const { systemId, timeline, writer } = topology;
  return {
    name: settings.name,
    systemId,
    timeline,
    primary: writer?.name,
    refusal: (topology.refusal() ?? topology.writeRefusal())?.message,
    waitingWrites,
    nodes: topology.nodes.map((node) => nodeStatus(node, topology, settings)),
    counts: { ...counts },
  };
}

function nodeStatus(node: ClusterNode, topology: Topology, { clock }: Settings): NodeStatus {
  const { report, address, latency, breaker } = node;
  const isReplica = report?.role === 'replica';
  return {
    name: node.name,
    host: address.host,
    port: address.port,
    role: report?.role ?? 'unknown',
    ...topology.stateOf(node),
    timeline: report?.timeline,
    lsn: report && formatLsn(report.lsn),
    lagMs: isReplica ? topology.lagMsOf(node) : undefined,
    lagBytes: isReplica ? topology.lag.bytesBehind(report) : undefined,
    breaker: breaker.state(clock.monotonicMs()),
    latencyMs: latency.averageMs,
    inFlight: node.inFlight,
    serverVersion: report?.serverVersion,
    seenAtMs: node.seenAtMs,
    pools: [
      poolStatus('write', node.writes),
      poolStatus('read', node.reads),
      poolStatus('read', node.readsOnPrimary),
    ].filter(({ total }) => total > 0),
  };
}

function poolStatus(purpose: PoolStatus['purpose'], connections: Connections): PoolStatus {
  const { total, idle, permits } = connections;
  return { purpose, max: permits.max, total, idle, waiting: permits.waiting };
}

/** Connections of all nodes together, as a driver's pool counts its own. */
export function connectionCounts(
  { nodes }: Topology,
  waitingWrites: number,
): { readonly total: number; readonly idle: number; readonly waiting: number } {
  const all = nodes.flatMap(({ writes, reads, readsOnPrimary }) => [writes, reads, readsOnPrimary]);
  const sum = (count: (connections: Connections) => number) =>
    all.reduce((total, connections) => total + count(connections), 0);
  return {
    total: sum(({ total }) => total),
    idle: sum(({ idle }) => idle),
    waiting: sum(({ permits }) => permits.waiting) + waitingWrites,
  };
}
