export type * from './config-types';
export { defineConfig } from './define-config';
export { loadConfig } from './load-config';
