import type { Finding } from '@unite/core';
import { failed, skipped } from '../finding';
import type { KnownNode } from './known-node-types';
import { distinctServers } from './same-server';

/** How the servers belong together. */
export interface ClusterView {
  /** The one server that takes writes; `undefined` where there is none, or more than one. */
  readonly primary: KnownNode | undefined;
  readonly replicas: readonly KnownNode[];
  /** What is wrong between the servers. */
  readonly findings: readonly Finding[];
}

/** Looks at all servers together: one cluster, with one primary. */
export function viewCluster(nodes: readonly KnownNode[]): ClusterView {
  const { servers, findings: sameFindings } = distinctServers(nodes);
  const home = homeOf(servers);
  const strangers = servers.filter(
    ({ facts }) => facts.systemId !== undefined && facts.systemId !== home?.facts.systemId,
  );
  const members = servers.filter((node) => !strangers.includes(node));
  const primaries = members.filter(({ facts }) => !facts.isReplica);
  const [primary] = primaries;
  return {
    primary: primaries.length === 1 ? primary : undefined,
    replicas: members.filter(({ facts }) => facts.isReplica),
    findings: [
      ...sameFindings,
      ...strangers.map((node) => strangerFinding(node, home as KnownNode)),
      ...primariesFindings(primaries, members),
      ...unknownIdFindings(nodes),
    ],
  };
}

/** The server whose cluster is meant: the only primary, else one of the largest part. */
function homeOf(nodes: readonly KnownNode[]): KnownNode | undefined {
  const known = nodes.filter(({ facts }) => facts.systemId !== undefined);
  const primaries = known.filter(({ facts }) => !facts.isReplica);
  if (primaries.length === 1) return primaries[0];
  const sizeOf = ({ facts }: KnownNode) =>
    known.filter((other) => other.facts.systemId === facts.systemId).length;
  return known.toSorted((one, other) => sizeOf(other) - sizeOf(one))[0];
}

function strangerFinding(node: KnownNode, home: KnownNode): Finding {
  return failed(
    node.subject,
    `belongs to another cluster: its system identifier is ${node.facts.systemId}, that of ${home.name} is ${home.facts.systemId}`,
    'Correct its URL, or make it anew from a base backup of the primary.',
  );
}

function primariesFindings(primaries: readonly KnownNode[], members: readonly KnownNode[]): Finding[] {
  if (members.length === 0) return [];
  if (primaries.length === 0) {
    return [
      failed(
        'primary',
        `there is none: ${members.map(({ name }) => name).join(', ')} ${members.length === 1 ? 'is a replica' : 'are replicas'}`,
        'Start the primary, or promote the replica that has replayed the most.',
      ),
    ];
  }
  if (primaries.length === 1) return [];
  const each = primaries.map(({ name, facts }) => `${name} (timeline ${facts.timeline})`).join(', ');
  return [
    failed(
      'primary',
      `${primaries.length} servers take writes, and each keeps its own: ${each}`,
      'Fence all but the one with the highest timeline at once, save what was written to the others, and make them replicas by pg_rewind.',
    ),
  ];
}

function unknownIdFindings(nodes: readonly KnownNode[]): Finding[] {
  const unknown = nodes.filter(({ facts }) => facts.systemId === undefined);
  if (unknown.length === 0) return [];
  const names = unknown.map(({ name }) => name).join(', ');
  return [skipped('system identifiers', `the role may not call pg_control_system() on ${names}`)];
}
