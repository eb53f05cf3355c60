import type { ClusterStatus } from '@unite/db-ha';
import type { DatabaseNode } from './database-node';

/** Why a read was not served by any replica one could expect, if so. */
export function whyElsewhere({ role }: DatabaseNode, { nodes }: ClusterStatus): string | undefined {
  const away = nodes.find(({ state }) => state === 'down' || state === 'behind');
  if (away) return `${away.name} is ${away.state}`;
  const hasReplica = nodes.some((node) => node.role === 'replica');
  return role === 'primary' && hasReplica ? 'no replica has seen your change yet' : undefined;
}
