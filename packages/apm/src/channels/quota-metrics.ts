import type { ChannelMessage, CountedChannel, PackageMetrics } from './channel-types';
import { outcomeOf } from './outcome';

/** Plain channel of what was used, of which more is asked than a counter. */
export const quotaUseChannel = 'unite:quota:use';

export const quotaMetrics: PackageMetrics = {
  metrics: {
    quota_decisions_total: {
      kind: 'counter',
      help: 'Decisions of quotas, and what made them.',
      labels: ['plan', 'allowed', 'by'],
    },
    quota_settlements_total: {
      kind: 'counter',
      help: 'Reservations that were committed or released.',
      labels: ['as', 'late', 'outcome'],
    },
    quota_lost_total: {
      kind: 'counter',
      help: 'Uses that are not charged or written down, and why.',
      labels: ['quota', 'reason'],
    },
    quota_health_changes_total: {
      kind: 'counter',
      help: 'How often the store or the ledger went away or came back.',
      labels: ['quota', 'part', 'state'],
    },
  },
  timed: [],
  counted: [
    decisionsOn('unite:quota:check'),
    decisionsOn('unite:quota:reserve'),
    {
      channel: 'unite:quota:settle',
      at: 'end',
      metric: 'quota_settlements_total',
      labels: (message) => ({ as: message.as, late: message.isLate ?? false, outcome: outcomeOf(message) }),
    },
    {
      channel: 'unite:quota:lost',
      metric: 'quota_lost_total',
      labels: ({ quota, reason }) => ({ quota, reason }),
    },
    {
      channel: 'unite:quota:health',
      metric: 'quota_health_changes_total',
      labels: ({ quota, part, state }) => ({ quota, part, state }),
    },
  ],
};

function decisionsOn(channel: string): CountedChannel {
  return { channel, at: 'end', metric: 'quota_decisions_total', labels: ofDecision };
}

/** A refusal is an answer; what could not be decided is neither. */
function ofDecision({ plan, allowed = 'error', by }: ChannelMessage) {
  return { plan, allowed, by };
}
