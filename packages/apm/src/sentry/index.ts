export { sentry } from './sentry';
export { type SentryTunnel, type SentryTunnelOptions, sentryTunnel } from './sentry-tunnel';
export type { SentryOptions } from './sentry-types';
