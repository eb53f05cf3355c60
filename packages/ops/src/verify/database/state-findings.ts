import type { Finding } from '@unite/core';
import { failed, passed, warned } from '../finding';
import type { KnownNode } from './known-node-types';

/** Clocks that differ by more make of deadlines and of times that were written something else, in milliseconds. */
const maxClockDifferenceMs = 1_000;

/** Above this share of the connections somebody should look, before the next deployment opens its own. */
const highConnectionShare = 0.9;

/** What can be said of each server by itself, beyond whether it writes and replays. */
export function stateFindings(nodes: readonly KnownNode[], requireTls: boolean): Finding[] {
  return [
    ...nodes.flatMap((node) => [
      ...roleFindings(node),
      ...connectionFindings(node),
      ...clockFindings(node),
      ...(requireTls ? [tlsFinding(node)] : []),
    ]),
    ...superuserFindings(nodes),
  ];
}

function roleFindings({ name, node, facts }: KnownNode): Finding[] {
  const is = facts.isReplica ? 'replica' : 'primary';
  if (node.role === undefined || node.role === is) return [];
  return [
    failed(
      `role of ${name}`,
      `is a ${is}, and should be a ${node.role}`,
      'Look whether a failover happened, and correct the configuration.',
    ),
  ];
}

function connectionFindings({ name, facts }: KnownNode): Finding[] {
  const { usedConnections, maxConnections } = facts;
  if (usedConnections < highConnectionShare * maxConnections) return [];
  return [
    warned(
      `connections of ${name}`,
      `${usedConnections} of ${maxConnections} are in use`,
      'Make the pools smaller, put a pooler before it, or raise max_connections.',
      { usedConnections, maxConnections },
    ),
  ];
}

function clockFindings({ name, facts: { clockDifferenceMs } }: KnownNode): Finding[] {
  if (Math.abs(clockDifferenceMs) <= maxClockDifferenceMs) return [];
  const direction = clockDifferenceMs > 0 ? 'ahead of' : 'behind';
  return [
    warned(
      `clock of ${name}`,
      `is ${Math.abs(clockDifferenceMs)} ms ${direction} this machine's`,
      'Synchronise the clocks of both machines by NTP.',
      { clockDifferenceMs },
    ),
  ];
}

function tlsFinding({ name, facts }: KnownNode): Finding {
  const subject = `TLS of ${name}`;
  if (facts.isEncrypted) return passed(subject, 'the connection is encrypted');
  return failed(
    subject,
    'the connection is in plain text',
    'Turn on ssl at the server, and say sslmode=verify-full in the URL.',
  );
}

function superuserFindings(nodes: readonly KnownNode[]): Finding[] {
  const those = nodes.filter(({ facts }) => facts.isSuperuser);
  const [first] = those;
  if (!first) return [];
  return [
    warned(
      `role ${first.facts.role}`,
      `is a superuser on ${those.map(({ name }) => name).join(', ')}: whoever breaks into the application owns the server`,
      'Let the application use a role that owns nothing but its tables.',
    ),
  ];
}
