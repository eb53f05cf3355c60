export { sentry } from './sentry';
export type { SentryOptions } from './sentry-types';
