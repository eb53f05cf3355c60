export type * from './config-types';
export { createIgnore } from './create-ignore';
export { defineApmConfig } from './define-apm-config';
