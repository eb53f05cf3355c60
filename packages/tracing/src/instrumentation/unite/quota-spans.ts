import type { ChannelEvent, ChannelMessage, ChannelSpan } from './channel-types';

export const quotaSpans: readonly ChannelSpan[] = [
  {
    channel: 'unite:quota:check',
    spanName: () => 'quota check',
    startAttributes: ofQuota,
    endAttributes: decision,
  },
  {
    channel: 'unite:quota:reserve',
    spanName: () => 'quota reserve',
    startAttributes: ofQuota,
    endAttributes: decision,
  },
  {
    channel: 'unite:quota:settle',
    spanName: () => 'quota settle',
    startAttributes: (message) => ({ ...ofQuota(message), 'unite.quota.as': message.as }),
    endAttributes: ({ isLate }) => ({ 'unite.quota.late': isLate }),
  },
];

export const quotaEvents: readonly ChannelEvent[] = [
  {
    channel: 'unite:quota:health',
    eventName: 'quota.health',
    attributes: (message) => ({
      ...ofQuota(message),
      'unite.quota.part': message.part,
      'unite.quota.state': message.state,
    }),
  },
];

function ofQuota({ quota }: ChannelMessage) {
  return { 'unite.quota.name': quota };
}

/** A refusal is an answer, not an error. */
function decision({ plan, allowed, state, violated, by }: ChannelMessage) {
  return {
    'unite.quota.plan': plan,
    'unite.quota.allowed': allowed,
    'unite.quota.state': state,
    'unite.quota.violated': violated,
    'unite.quota.by': by,
  };
}
