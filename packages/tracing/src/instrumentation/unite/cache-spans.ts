import type { ChannelEvent, ChannelMessage, ChannelSpan } from './channel-types';

export const cacheSpans: readonly ChannelSpan[] = [
  {
    channel: 'unite:cache:get',
    spanName: ({ definition }) => `cache get ${definition}`,
    startAttributes: ofDefinition,
    endAttributes: ({ layer, joined }) => ({ 'unite.cache.layer': layer, 'unite.cache.joined': joined }),
  },
  {
    channel: 'unite:cache:load',
    spanName: ({ definition }) => `cache load ${definition}`,
    startAttributes: (message) => ({ ...ofDefinition(message), 'unite.cache.load.reason': message.reason }),
    endAttributes: () => ({}),
  },
  {
    channel: 'unite:cache:invalidate',
    spanName: ({ cache }) => `cache invalidate ${cache}`,
    startAttributes: ({ cache, names }) => ({ 'unite.cache.name': cache, 'unite.cache.names': names }),
    endAttributes: ({ acknowledged }) => ({ 'unite.cache.acknowledged': acknowledged }),
  },
];

export const cacheEvents: readonly ChannelEvent[] = [
  // Served from memory, in less time than a span takes.
  { channel: 'unite:cache:hit', eventName: 'cache.hit', attributes: ofDefinition },
  {
    channel: 'unite:cache:state',
    eventName: 'cache.state',
    attributes: ({ cache, state, reason }) => ({
      'unite.cache.name': cache,
      'unite.cache.state': state,
      'unite.cache.reason': reason,
    }),
  },
];

function ofDefinition({ cache, definition }: ChannelMessage) {
  return { 'unite.cache.name': cache, 'unite.cache.definition': definition };
}
