import type { ChannelEvent, ChannelSpan } from './channel-types';

/** Which spans have it: those of a single query, in which nothing of the application runs. */
export const queryKind = 'unite.db_ha.kind';

export const dbHaSpans: readonly ChannelSpan[] = [
  {
    channel: 'unite:db-ha:query',
    spanName: ({ kind }) => `db-ha ${kind}`,
    startAttributes: ({ cluster, kind, statement }) => ({
      'unite.db_ha.cluster': cluster,
      [queryKind]: kind,
      'db.query.summary': statement,
    }),
    endAttributes: ({ node, role }) => ({ 'unite.db_ha.node': node, 'unite.db_ha.role': role }),
  },
  {
    channel: 'unite:db-ha:transaction',
    spanName: () => 'db-ha transaction',
    startAttributes: ({ cluster, isIdempotent }) => ({
      'unite.db_ha.cluster': cluster,
      'unite.db_ha.idempotent': isIdempotent,
    }),
    endAttributes: () => ({}),
  },
];

export const dbHaEvents: readonly ChannelEvent[] = [
  {
    channel: 'unite:db-ha:change',
    eventName: 'db-ha.change',
    attributes: ({ cluster, node, from, to, reason }) => ({
      'unite.db_ha.cluster': cluster,
      'unite.db_ha.node': node,
      'unite.db_ha.from': from,
      'unite.db_ha.to': to,
      'unite.db_ha.reason': reason,
    }),
  },
];
