import type { PackageMetrics } from './channel-types';

export const opsMetrics: PackageMetrics = {
  metrics: {
    ops_shed_total: {
      kind: 'counter',
      help: 'Requests that were refused so that others are served.',
      labels: ['reason', 'group'],
    },
    ops_check_duration_seconds: {
      kind: 'histogram',
      help: 'How long health checks took.',
      labels: ['check', 'status'],
    },
    ops_health_changes_total: {
      kind: 'counter',
      help: 'Changes of what health checks say.',
      labels: ['check', 'status'],
    },
    ops_state_changes_total: {
      kind: 'counter',
      help: 'States that the process went on to.',
      labels: ['state'],
    },
  },
  timed: [
    {
      channel: 'unite:ops:check',
      metric: 'ops_check_duration_seconds',
      labels: ({ check, status = 'error' }) => ({ check, status }),
    },
  ],
  counted: [
    {
      channel: 'unite:ops:shed',
      metric: 'ops_shed_total',
      labels: ({ reason, group }) => ({ reason, group }),
    },
    {
      channel: 'unite:ops:health',
      metric: 'ops_health_changes_total',
      labels: ({ check, status }) => ({ check, status }),
    },
    {
      channel: 'unite:ops:state',
      metric: 'ops_state_changes_total',
      labels: ({ state }) => ({ state }),
    },
  ],
};
