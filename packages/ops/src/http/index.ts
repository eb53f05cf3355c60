export type { HealthPageOptions } from '../health/health-answer';
export type { SignalOptions } from '../lifecycle/end-on-signals';
export { type AttachOptions, attachServer } from './attach-server';
export type { NodeListener, NodeServer } from './http-types';
export { lifecycleListener } from './lifecycle-listener';
export type { GateOptions } from './open-gate';
