import type { Finding } from '@unite/core';
import { warned } from '../finding';
import type { KnownNode } from './known-node-types';

/** Servers, each once, whatever the number of URLs that reach it. */
export interface DistinctServers {
  /** Of several nodes that reach one server the first. */
  readonly servers: readonly KnownNode[];
  /** Which nodes are the same server. */
  readonly findings: readonly Finding[];
}

/** A pooler and the address behind it, or two names of one address, are one server: not two primaries. */
export function distinctServers(nodes: readonly KnownNode[]): DistinctServers {
  const servers = nodes.filter((node) => nodes.find((other) => isSame(node, other)) === node);
  return {
    servers,
    findings: servers.flatMap((server) => sameFinding(nodes.filter((node) => isSame(server, node)))),
  };
}

/** Replicas and copies share the identifier, but not the moment of the start; and not every role may know the former. */
function isSame({ facts: one }: KnownNode, { facts: other }: KnownNode): boolean {
  if (one.startedAtUs !== other.startedAtUs) return false;
  return one.systemId === undefined || other.systemId === undefined || one.systemId === other.systemId;
}

function sameFinding(nodes: readonly KnownNode[]): Finding[] {
  if (nodes.length === 1) return [];
  return [
    warned(
      'nodes',
      `${nodes.map(({ name }) => name).join(' and ')} are the same server`,
      'List each server once, by the URL that the application uses.',
    ),
  ];
}
