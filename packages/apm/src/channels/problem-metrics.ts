import type { PackageMetrics } from './channel-types';

export const problemMetrics: PackageMetrics = {
  metrics: {
    problems_total: {
      kind: 'counter',
      help: 'Problem documents that were answered.',
      labels: ['type', 'status'],
    },
  },
  timed: [],
  counted: [
    {
      channel: 'unite:problem:respond',
      metric: 'problems_total',
      labels: ({ type, status }) => ({ type, status }),
    },
  ],
};
