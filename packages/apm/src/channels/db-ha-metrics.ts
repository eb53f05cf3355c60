import type { PackageMetrics } from './channel-types';
import { outcomeOf } from './outcome';

/** Tracing channel of single statements, of which more is asked than a histogram. */
export const queryChannel = 'unite:db-ha:query';

/** From a query by its key to a report. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export const dbHaMetrics: PackageMetrics = {
  metrics: {
    db_query_duration_seconds: {
      kind: 'histogram',
      help: 'How long single statements took, with all their attempts.',
      labels: ['cluster', 'kind', 'role', 'statement', 'outcome'],
      buckets,
    },
    db_transaction_duration_seconds: {
      kind: 'histogram',
      help: 'How long transactions took, with all their attempts.',
      labels: ['cluster', 'outcome'],
      buckets,
    },
    db_node_changes_total: {
      kind: 'counter',
      help: 'Changes of the state of database nodes.',
      labels: ['cluster', 'node', 'from', 'to'],
    },
    db_routed_statements_total: {
      kind: 'counter',
      help: 'Statements by where the router sent them, and why to the primary.',
      labels: ['target', 'reason'],
    },
  },
  timed: [
    {
      channel: queryChannel,
      metric: 'db_query_duration_seconds',
      labels: (message) => ({
        cluster: message.cluster,
        kind: message.kind,
        role: message.role,
        statement: message.statement,
        outcome: outcomeOf(message),
      }),
    },
    {
      channel: 'unite:db-ha:transaction',
      metric: 'db_transaction_duration_seconds',
      labels: (message) => ({ cluster: message.cluster, outcome: outcomeOf(message) }),
    },
  ],
  counted: [
    {
      channel: 'unite:db-ha:change',
      metric: 'db_node_changes_total',
      labels: ({ cluster, node, from, to }) => ({ cluster, node, from, to }),
    },
    {
      channel: 'unite:db-ha:route',
      metric: 'db_routed_statements_total',
      labels: ({ target, reason }) => ({ target, reason }),
    },
  ],
};
