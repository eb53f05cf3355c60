import type { ChannelMessage, PackageMetrics } from './channel-types';
import { outcomeOf } from './outcome';

export const cacheMetrics: PackageMetrics = {
  metrics: {
    cache_reads_total: {
      kind: 'counter',
      help: 'Reads by the layer that served them; those that had to load are misses.',
      labels: ['cache', 'definition', 'layer', 'outcome'],
    },
    cache_load_duration_seconds: {
      kind: 'histogram',
      help: 'How long loaders took.',
      labels: ['cache', 'definition', 'reason', 'outcome'],
    },
    cache_invalidations_total: {
      kind: 'counter',
      help: 'Invalidations, and whether the remote layer acknowledged them.',
      labels: ['cache', 'acknowledged'],
    },
    cache_state_changes_total: {
      kind: 'counter',
      help: 'How often the remote layer went away or came back.',
      labels: ['cache', 'state'],
    },
  },
  timed: [
    {
      channel: 'unite:cache:load',
      metric: 'cache_load_duration_seconds',
      labels: (message) => ({
        cache: message.cache,
        definition: message.definition,
        reason: message.reason,
        outcome: outcomeOf(message),
      }),
    },
  ],
  counted: [
    {
      channel: 'unite:cache:hit',
      metric: 'cache_reads_total',
      labels: ({ cache, definition }) => ({ cache, definition, layer: 'memory', outcome: 'hit' }),
    },
    {
      channel: 'unite:cache:get',
      at: 'end',
      metric: 'cache_reads_total',
      labels: (message) => ({
        cache: message.cache,
        definition: message.definition,
        layer: message.layer,
        outcome: outcomeOfRead(message),
      }),
    },
    {
      channel: 'unite:cache:invalidate',
      at: 'end',
      metric: 'cache_invalidations_total',
      labels: ({ cache, acknowledged = false }) => ({ cache, acknowledged }),
    },
    {
      channel: 'unite:cache:state',
      metric: 'cache_state_changes_total',
      labels: ({ cache, state }) => ({ cache, state }),
    },
  ],
};

function outcomeOfRead(message: ChannelMessage): string {
  if (outcomeOf(message) === 'error') return 'error';
  return message.layer === 'load' ? 'miss' : 'hit';
}
