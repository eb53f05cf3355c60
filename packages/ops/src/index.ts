export type * from './channel-types';
export { createLifecycle } from './create-lifecycle';
export { OpsError, type OpsErrorCode, type OpsErrorOptions } from './errors';
export type * from './health/health-types';
export { endOnSignals, type SignalOptions } from './lifecycle/end-on-signals';
export { createLoadShedder } from './shedding/create-load-shedder';
export type * from './shedding/shedding-types';
export type * from './types';
