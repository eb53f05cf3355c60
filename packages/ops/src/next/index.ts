export type { HealthPageOptions } from '../health/health-answer';
export type { AttachOptions } from '../http/attach-server';
export type { SignalOptions } from '../lifecycle/end-on-signals';
export { type DashboardRouteOptions, dashboardRoute } from './dashboard-route';
export { healthRoute } from './health-route';
export { registerLifecycle } from './register-lifecycle';
export { type LifecycleRouteOptions, type RouteLifecycleOptions, withLifecycle } from './with-lifecycle';
