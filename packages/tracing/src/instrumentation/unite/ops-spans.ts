import type { ChannelEvent, ChannelSpan } from './channel-types';

export const opsSpans: readonly ChannelSpan[] = [
  {
    channel: 'unite:ops:check',
    spanName: ({ check }) => `ops check ${check}`,
    startAttributes: ({ check }) => ({ 'unite.ops.check': check }),
    endAttributes: ({ status }) => ({ 'unite.ops.status': status }),
  },
  {
    channel: 'unite:ops:shutdown',
    spanName: () => 'ops shutdown',
    startAttributes: ({ reason }) => ({ 'unite.ops.reason': reason }),
    endAttributes: () => ({}),
    isRoot: true,
  },
];

export const opsEvents: readonly ChannelEvent[] = [
  {
    channel: 'unite:ops:shed',
    eventName: 'ops.shed',
    attributes: ({ reason, group }) => ({ 'unite.ops.reason': reason, 'unite.ops.group': group }),
  },
];
