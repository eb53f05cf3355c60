export type { HealthPageOptions } from '../health/health-answer';
export { type AttachOptions, attachServer } from '../http/attach-server';
export type { NodeServer } from '../http/http-types';
export type { GateOptions } from '../http/open-gate';
export type { SignalOptions } from '../lifecycle/end-on-signals';
export { dashboardMiddleware } from './dashboard-middleware';
export type { Middleware, RefusalOptions } from './express-types';
export { type LifecycleMiddlewareOptions, lifecycleMiddleware } from './lifecycle-middleware';
export { type NeedsOptions, needsMiddleware } from './needs-middleware';
